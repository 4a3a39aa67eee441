// Where a message's files are shown: in its text or below it.
import type { Attachment, Message } from '@api/schema'

/** An SVG can carry script; it is only ever offered as a download. */
export const isPicture = (a: Attachment) => /^image\/(png|jpe?g|gif|webp|avif)$/.test(a.content_type)

/** Those that nothing else shows: only a picture that stands in the text itself needs no second place. */
export function below({ html, quoted_html: quoted, attachments }: Message): Attachment[] {
  const named = (a: Attachment) => [html, quoted].some((part) => part?.includes(`src="${a.url}"`))
  return attachments.filter((a) => !isPicture(a) || !named(a))
}
