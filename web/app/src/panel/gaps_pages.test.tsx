import { act } from 'react'
import { createRoot } from 'react-dom/client'
import { beforeEach, expect, test } from 'vitest'
import { Provider, type Client } from 'urql'
import { pageLength, useGapPages } from './gaps_pages'

type Answer = { data?: unknown; error?: unknown }
type Asked = { variables: { after: string | null; first: number; asOf: string }; answer: (answer: Answer) => void; stopped: boolean }
let asked: Asked[]
/** Answers a question whenever the test says so. */
const client = {
  query: (_: unknown, variables: Asked['variables']) => ({
    subscribe: (answer: Asked['answer']) => {
      const one: Asked = { variables, answer: (given) => act(() => answer(given)), stopped: false }
      asked.push(one)
      return { unsubscribe: () => void (one.stopped = true) }
    },
  }),
} as unknown as Client

const page = (from: number, count: number, total: number, mark = '') => ({
  data: { coverageGaps: { totalCount: total, pageInfo: { hasNextPage: from + count < total, endCursor: `${mark}${from + count}` }, nodes: Array.from({ length: count }, (_, index) => ({ gapHouseholds: from + index })) } },
})

let shown: ReturnType<typeof useGapPages>
function List({ day }: { day: string }) {
  const pages = useGapPages({ filter: { within: { level: 'PROVINCE', code: '96' } }, asOf: day })
  shown = pages // eslint-disable-line react-hooks/globals -- the test looks at it
  return null
}
const root = () => {
  const made = createRoot(document.createElement('div'))
  const show = (day: string) => act(() => made.render(<Provider value={client}><List day={day} /></Provider>))
  show('2024-09-30')
  return show
}

beforeEach(() => {
  asked = []
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })
})

test('one page is asked for, and the next ones, each after the one before, as far as was scrolled', () => {
  root()
  expect(asked.map((one) => one.variables)).toMatchObject([{ after: null, first: pageLength }])
  asked[0]?.answer(page(0, 100, 250))
  expect([shown.total, shown.rows.length, asked.length]).toEqual([250, 100, 1])
  act(() => shown.want(250))
  expect(asked.at(-1)?.variables.after).toBe('100')
  expect(asked.length).toBe(2) // the third has to wait for the second's cursor
  asked[1]?.answer(page(100, 100, 250))
  asked[2]?.answer(page(200, 50, 250))
  expect(shown.rows.map((row) => row.gapHouseholds)).toEqual(Array.from({ length: 250 }, (_, index) => index))
  act(() => shown.want(400))
  expect(asked.length).toBe(3)
})

test('of another day the rows of the last one stay until its own come, and no question goes on', () => {
  const show = root()
  asked[0]?.answer(page(0, 100, 120))
  show('2024-08-31')
  expect(asked[0]?.stopped).toBe(true)
  expect([shown.old, shown.rows.length]).toEqual([true, 100])
  asked[1]?.answer(page(0, 30, 30))
  expect([shown.old, shown.rows.length, shown.total]).toEqual([false, 30, 30])
})

test('a page that comes anew and ends elsewhere takes those after it with it, and they are asked for again', () => {
  root()
  asked[0]?.answer(page(0, 100, 150))
  act(() => shown.want(150))
  asked[1]?.answer(page(100, 50, 150))
  asked[0]?.answer(page(0, 100, 150))
  expect([shown.rows.length, asked.length]).toEqual([150, 2]) // the same again: nothing to do
  asked[0]?.answer(page(0, 100, 149, 'other'))
  expect(asked[1]?.stopped).toBe(true)
  expect(asked.at(-1)?.variables.after).toBe('other100')
  asked[2]?.answer(page(100, 49, 149))
  expect([shown.rows.length, shown.total]).toEqual([149, 149])
})

test('an error is told, what came before it stays, and again asks again', () => {
  root()
  asked[0]?.answer(page(0, 100, 150))
  act(() => shown.want(150))
  asked[1]?.answer({ error: new Error('gone') })
  expect(shown.error).toBeTruthy()
  expect(shown.rows.length).toBe(100)
  act(() => shown.again())
  expect(asked.at(-1)?.variables.after).toBeNull()
})
