// One entry of a menu or a picker.
export interface MenuItem {
  key: string
  label: string
  icon?: string
  hint?: string
  caps?: readonly string[]
  checked?: boolean
  off?: boolean
  danger?: boolean
  /** A class for a status dot before the label. */
  dot?: string
  person?: { id: number; name: string } | null
  /** It opens a menu of its own, which has to wait until this one has given the focus back. */
  opens?: boolean
  act?: () => unknown
}
