// How each channel looks. Ink and tint come from the tokens, by class.
const looks: Record<string, [icon: string, ink: string]> = {
  email: ['mail', 'email'],
  chat: ['chat', 'chat'],
  whatsapp: ['whatsapp', 'whatsapp'],
  messenger: ['messenger', 'messenger'],
  instagram: ['instagram', 'instagram'],
  telegram: ['send', 'telegram'],
  sms: ['sms', 'sms'],
  voice: ['phone', 'phone'],
  phone: ['phone', 'phone'],
  review: ['star', 'review'],
  form: ['form', 'form'],
  market: ['market', 'market'],
  in_person: ['user', 'form'],
  api: ['code', 'form'],
  note: ['lock', 'note'],
}
export const channelIcon = (channel: string) => looks[channel]?.[0] ?? 'form'
export const channelInk = (channel: string) => looks[channel]?.[1] ?? 'form'
export const channelClass = (channel: string) => `ch-${channelInk(channel)}`
