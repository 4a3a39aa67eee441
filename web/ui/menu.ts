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
  act?: () => unknown
}
