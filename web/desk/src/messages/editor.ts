// What the editor can do: a short list, because mail programs understand little more.
import { Extension } from '@tiptap/core'
import Mention from '@tiptap/extension-mention'
import { Placeholder } from '@tiptap/extensions'
import { Plugin, PluginKey } from '@tiptap/pm/state'
import { Decoration, DecorationSet } from '@tiptap/pm/view'
import StarterKit from '@tiptap/starter-kit'
import { Suggestion, type SuggestionKeyDownProps, type SuggestionProps } from '@tiptap/suggestion'
import type { Agent, CannedAnswer, Id } from '@api/schema'
import { content, findAnswers, holes, takeAnswer } from '@/canned/answers'
import { activeAgents } from '@/directory'

/** A list at the cursor from which something is taken into the text. */
export interface Suggesting<T> {
  items: T[]
  at: number
  rect: DOMRect | null
  choose: (item: T) => void
}
export const suggesting = <T>(): Suggesting<T> => ({ items: [], at: 0, rect: null, choose: () => {} })

/** For which ticket one writes: canned answers are filled in for it. */
export interface For {
  id: Id
  language: string | null
}

interface Wish {
  note: boolean
  placeholder: () => string
  mention: Suggesting<Agent>
  answers: Suggesting<CannedAnswer>
  ticket?: () => For
}

function find(query: string): Agent[] {
  const wanted = query.toLocaleLowerCase()
  return activeAgents.value.filter((a) => a.name.toLocaleLowerCase().split(/\s+/).concat(a.name.toLocaleLowerCase()).some((w) => w.startsWith(wanted))).slice(0, 8)
}

function listen<T>(state: Suggesting<T>, taken: (item: T) => unknown) {
  const show = (p: SuggestionProps) => {
    // What was found before stays until the next is here.
    if (!p.loading) state.items = p.items as T[]
    state.at = Math.min(state.at, Math.max(0, state.items.length - 1))
    state.rect = state.items.length > 0 ? (p.clientRect?.() ?? null) : null
    state.choose = (item) => p.command(taken(item))
  }
  return {
    onStart: (p: SuggestionProps) => {
      state.at = 0
      state.items = []
      show(p)
    },
    onUpdate: show,
    onExit: () => (state.rect = null),
    onKeyDown({ event }: SuggestionKeyDownProps): boolean {
      if (!state.rect) return false
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
      if (step !== 0) state.at = (state.at + step + state.items.length) % state.items.length
      else if ((event.key === 'Enter' && !event.metaKey && !event.ctrlKey) || event.key === 'Tab') state.choose(state.items[state.at]!)
      else if (event.key === 'Escape') {
        state.rect = null
        // It closes the list and leaves the text to its writer.
        event.stopPropagation()
      } else return false
      return true
    },
  }
}

/** `/` at the start of a line or after a space finds canned answers. */
const cannedAnswers = (state: Suggesting<CannedAnswer>, ticket: () => For) =>
  Extension.create({
    name: 'cannedAnswers',
    addProseMirrorPlugins() {
      return [Suggestion<CannedAnswer, CannedAnswer>({
        editor: this.editor, pluginKey: new PluginKey('cannedAnswers'), char: '/',
        items: ({ query, signal }) => findAnswers(query, ticket().language, signal),
        command: ({ editor, range, props: answer }) => {
          editor.chain().focus().deleteRange(range).run()
          void takeAnswer(answer, ticket().id).then((html) => html !== null && !editor.isDestroyed && editor.chain().focus().insertContent(content(html)).run())
        },
        render: () => listen(state, (answer: CannedAnswer) => answer),
      })]
    },
  })

/** What stands in double braces is marked, because its reader would see it like that. */
const marksHoles = Extension.create({
  name: 'marksHoles',
  addProseMirrorPlugins: () => [new Plugin({
    props: {
      decorations(state) {
        const marks: Decoration[] = []
        state.doc.descendants((node, at) => {
          if (node.isText) for (const h of holes(node.text ?? '')) marks.push(Decoration.inline(at + h.from, at + h.to, { class: 'hole' }))
        })
        return DecorationSet.create(state.doc, marks)
      },
    },
  })],
})

export function extensions({ note, placeholder, mention, answers, ticket }: Wish) {
  const base = [
    StarterKit.configure({ heading: false, horizontalRule: false, underline: false, link: { openOnClick: false, defaultProtocol: 'https', HTMLAttributes: { rel: 'noopener noreferrer' } } }),
    Placeholder.configure({ placeholder }),
    marksHoles,
    ...(ticket ? [cannedAnswers(answers, ticket)] : []),
  ]
  if (!note) return base
  return [
    ...base,
    Mention.configure({
      HTMLAttributes: { class: 'at' },
      suggestion: { char: '@', items: ({ query }) => find(query), render: () => listen(mention, (agent: Agent) => ({ id: String(agent.id), label: agent.name.split(' ')[0] })) },
    }),
  ]
}
