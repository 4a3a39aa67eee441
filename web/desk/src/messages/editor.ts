// What the editor can do: a short list, because mail programs understand little more.
import Mention from '@tiptap/extension-mention'
import { Placeholder } from '@tiptap/extensions'
import StarterKit from '@tiptap/starter-kit'
import type { SuggestionKeyDownProps, SuggestionProps } from '@tiptap/suggestion'
import type { Agent } from '@api/schema'
import { activeAgents } from '@/directory'

export interface MentionState {
  items: Agent[]
  at: number
  rect: DOMRect | null
  choose: (agent: Agent) => void
}

interface Wish {
  note: boolean
  placeholder: () => string
  mention: MentionState
}

function find(query: string): Agent[] {
  const wanted = query.toLocaleLowerCase()
  return activeAgents.value.filter((a) => a.name.toLocaleLowerCase().split(/\s+/).concat(a.name.toLocaleLowerCase()).some((w) => w.startsWith(wanted))).slice(0, 8)
}

function listen(state: MentionState) {
  const show = (p: SuggestionProps) => {
    state.items = p.items as Agent[]
    state.at = Math.min(state.at, Math.max(0, state.items.length - 1))
    state.rect = state.items.length > 0 ? (p.clientRect?.() ?? null) : null
    state.choose = (agent) => p.command({ id: String(agent.id), label: agent.name.split(' ')[0] })
  }
  return {
    onStart: (p: SuggestionProps) => {
      state.at = 0
      show(p)
    },
    onUpdate: show,
    onExit: () => (state.rect = null),
    onKeyDown({ event }: SuggestionKeyDownProps): boolean {
      if (!state.rect) return false
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
      if (step !== 0) state.at = (state.at + step + state.items.length) % state.items.length
      else if (event.key === 'Enter' || event.key === 'Tab') state.choose(state.items[state.at]!)
      else if (event.key === 'Escape') state.rect = null
      else return false
      return true
    },
  }
}

export function extensions({ note, placeholder, mention }: Wish) {
  const base = [
    StarterKit.configure({ heading: false, horizontalRule: false, underline: false, link: { openOnClick: false, defaultProtocol: 'https', HTMLAttributes: { rel: 'noopener noreferrer' } } }),
    Placeholder.configure({ placeholder }),
  ]
  if (!note) return base
  return [
    ...base,
    Mention.configure({
      HTMLAttributes: { class: 'at' },
      suggestion: { char: '@', items: ({ query }) => find(query), render: () => listen(mention) },
    }),
  ]
}
