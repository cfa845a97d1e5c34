import { expect, test, vi } from 'vitest'
import { cacheExchange, Client, fetchExchange, gql } from '@urql/core'
import { changed, draws, named, onDrawn, recovered, refreshes, refreshExchange, touches } from './refresh'
import type { Change } from './live'

const change = (units: [string, string][], complete = true): Change =>
  ({ province: '96', snapshot: '96-2', complete, units: units.map(([level, code]) => ({ id: `id-${code}`, level, code })) }) as Change

test('the units that variables name are found at any depth', () => {
  expect([...named({ input: { within: { level: 'COMMUNE', code: '32041' }, asOf: '2024-09-30' }, id: 'x', list: [{ code: '96' }] })].sort()).toEqual(['96', 'COMMUNE:32041', 'x'])
})

test('a change touches questions about its units, and questions about no unit', () => {
  const visit = change([['COMMUNE', '31999'], ['PROVINCE', '96']])
  expect(touches({ input: { within: { level: 'PROVINCE', code: '96' } } }, visit)).toBe(true)
  expect(touches({ level: 'COMMUNE', code: '32002' }, visit)).toBe(false)
  expect(touches({ level: 'HAMLET', code: '31999' }, visit)).toBe(false) // codes are of a level
  expect(touches({ id: 'id-31999' }, visit)).toBe(true)
  expect(touches({}, visit)).toBe(true)
  expect(touches({ level: 'COMMUNE', code: '32002' }, change([], false))).toBe(true)
  expect(draws(change([]))).toBe(false)
  expect(draws(change([], false))).toBe(true)
})

test('what is shown and touched is asked anew at once, what is kept when it is wanted, what failed when the server is back', async () => {
  const asked: string[] = []
  let down = false
  const server = (_: unknown, init?: RequestInit) => {
    asked.push((JSON.parse(init?.body as string) as { variables: { code: string } }).variables.code)
    return down ? Promise.reject(new Error('gone')) : Promise.resolve(new Response(JSON.stringify({ data: { q: asked.length } }), { headers: { 'Content-Type': 'application/json' } }))
  }
  const client = new Client({ url: 'http://x', exchanges: [refreshExchange, cacheExchange, fetchExchange], fetch: server, preferGetMethod: false })
  refreshes(client)
  const question = gql`query Q($level: String, $code: String) { q(level: $level, code: $code) }`
  const ask = (code: string) => client.query(question, { level: 'COMMUNE', code })
  const shown = ask('1').subscribe(() => undefined)
  const other = ask('2').subscribe(() => undefined)
  await ask('3').toPromise()
  await vi.waitFor(() => expect(asked).toEqual(['1', '2', '3']))
  const drawn = vi.fn()
  const stop = onDrawn(drawn)
  changed(change([['COMMUNE', '1'], ['COMMUNE', '3']]))
  await vi.waitFor(() => expect(asked).toEqual(['1', '2', '3', '1']))
  expect(drawn).toHaveBeenCalledOnce()
  await ask('3').toPromise()
  await ask('3').toPromise()
  await ask('2').toPromise()
  expect(asked).toEqual(['1', '2', '3', '1', '3'])

  down = true
  const answers = vi.fn()
  const failing = ask('4').subscribe(answers)
  await vi.waitFor(() => expect(answers.mock.lastCall).toMatchObject([{ error: {} }]))
  down = false
  recovered()
  await vi.waitFor(() => expect(answers.mock.lastCall).toMatchObject([{ data: { q: 7 } }]))
  recovered()
  expect(asked).toEqual(['1', '2', '3', '1', '3', '4', '4'])
  for (const one of [shown, other, failing]) one.unsubscribe()
  stop()
})
