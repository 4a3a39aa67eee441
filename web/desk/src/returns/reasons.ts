// Why people send things back, as it is called here.
import { language, t } from '@/i18n'
import { knownReasons, type ReasonForm } from './policy'

export function said(reason: ReasonForm): string {
  const own = reason.words.find((one) => one.language === language.value && one.text.trim()) ?? reason.words.find((one) => one.text.trim())
  return own?.text ?? (knownReasons.includes(reason.id) ? t(`return-reason-${reason.id}`) : reason.id)
}
