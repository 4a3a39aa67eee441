import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { TablePlan } from '@api/schema'
import { use } from '@/i18n'
import { cell, fault, label, mapped, shown } from './tables'

const source = (name: string) => readFileSync(join(process.cwd(), '..', '..', 'crates', 'connectors', 'src', 'table', name), 'utf8')

describe('tables that are brought', () => {
  it('have a name for every field and every fault, in both languages', () => {
    const fields = [...source('fields.rs').matchAll(/^ {4}(?:one|each)\(\s*"(\w+)"/gm)].map(([, key]) => key!)
    const flaws = [...source('mod.rs').split('Flaw {')[1]!.split('\n    }')[0]!.matchAll(/= "(\w+)"/g)].map(([, flaw]) => flaw!)
    expect([fields.length > 50, flaws.length > 20]).toEqual([true, true])
    for (const language of ['en', 'de'] as const) {
      use(language, readFileSync(join(process.cwd(), 'locales', `${language}.ftl`), 'utf8'))
      expect(fields.map(label).filter((text) => text.startsWith('table-field'))).toEqual([])
      const said = flaws.map((flaw) => fault({ line: 2, column: 'A', field: 'title', flaw, value: 'x' } as never))
      expect(said.filter((text) => text.startsWith('table-flaw'))).toEqual([])
    }
  })
  it('are mapped field by field, and shown as they are understood', () => {
    const columns = mapped(mapped({ email: 'Mail' }, 'name', 'Who'), 'email', '')
    expect(columns).toEqual({ name: 'Who' })
    expect(shown({ columns } as unknown as TablePlan, [{ key: 'email' }, { key: 'name' }])).toEqual(['name'])
    expect([cell(undefined), cell(['a', 'b']), cell(3)]).toEqual(['', 'a, b', '3'])
  })
})
