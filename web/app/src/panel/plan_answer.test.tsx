import { act } from 'react'
import { createRoot } from 'react-dom/client'
import { cacheExchange, Client, fetchExchange, Provider } from 'urql'
import { expect, test } from 'vitest'
import { useAccess } from '../access/rights'
import { changeView } from '../state'
import { partOf, usePlan } from './plan_answer'

type Request = { teams: number; aborted: () => boolean; answer: (body: unknown) => Promise<void> }
const plans: Request[] = []
/** A server that answers plans when the test says so. */
const server = (_: unknown, given?: RequestInit) => {
  const { query, variables } = JSON.parse(given?.body as string) as { query: string; variables: { input: { teams: number } } }
  return new Promise<Response>((resolve) => {
    if (!query.includes('planTeams')) return
    const body = (answer: unknown) => new Response(JSON.stringify(answer), { headers: { 'content-type': 'application/json' } })
    plans.push({
      teams: variables.input.teams,
      aborted: () => given?.signal?.aborted ?? false,
      answer: (answer) => act(async () => {
        resolve(body(answer))
        await new Promise((done) => setTimeout(done))
      }),
    })
  })
}

test('a plan is asked for once, outlives the map, and is aborted when it is cancelled or another is asked for', async () => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })
  const client = new Client({ url: 'http://localhost/graphql', exchanges: [cacheExchange, fetchExchange], preferGetMethod: false, fetch: server })
  const seen: ReturnType<typeof usePlan>[] = []
  const me = { signedIn: true, roles: [], grants: [{ right: 'DECISIONS' as const, everywhere: true, units: [] }] }
  function Known() {
    useAccess(me, null)
    return null
  }
  function Part({ at }: { at: number }) {
    seen[at] = usePlan()
    return null
  }
  // The panel and the map.
  act(() => createRoot(document.createElement('div')).render(<Provider value={client}><Known /><Part at={0} /><Part at={1} /></Provider>))
  const change = (view: Parameters<typeof changeView>[0]) => act(async () => {
    changeView(view)
    await new Promise((done) => setTimeout(done))
  })
  const working = () => seen.map((one) => one.working)

  expect([plans.length, working()]).toEqual([0, [false, false]])
  await change({ planTeams: 7, planned: true, planWithin: { level: 'PROVINCE', code: '96' }, planAsOf: '2024-09-30' })
  expect([plans.length, plans[0]?.teams, working()]).toEqual([1, 7, [true, true]])
  await change({ planned: false })
  expect([plans[0]?.aborted(), working()]).toEqual([true, [false, false]])

  await change({ planned: true })
  await change({ within: { level: 'COMMUNE', code: '32041' }, asOf: '2023-01-31', at: { longitude: 105, latitude: 9, zoom: 9 } })
  expect([plans.length, plans[1]?.aborted()]).toEqual([2, false])
  await plans[1]?.answer({ data: { planTeams: { __typename: 'TeamPlan', covered: 1 } } })
  expect(seen.map((one) => one.plan?.covered)).toEqual([1, 1])

  await change({ planTeams: 8 })
  expect([plans.length, plans[2]?.teams, seen[0]?.plan]).toEqual([3, 8, null])
  await change({ planTeams: 9 })
  expect([plans.length, plans[2]?.aborted(), working()]).toEqual([4, true, [true, true]])
  await plans[3]?.answer({ errors: [{ message: 'quá nhiều / too many', extensions: { code: 'TOO_COSTLY' } }] })
  expect([seen[0]?.error?.graphQLErrors[0]?.extensions['code'], seen[0]?.plan, working()]).toEqual(['TOO_COSTLY', null, [false, false]])
  await act(async () => {
    seen[0]?.again()
    await new Promise((done) => setTimeout(done))
  })
  await plans[4]?.answer({ data: { planTeams: { __typename: 'TeamPlan', covered: 2 } } })
  expect([plans.length, seen[0]?.plan?.covered, seen[0]?.error]).toEqual([5, 2, undefined])
})

test('100 % is all of them', () => {
  expect([partOf(9999, 10_000), partOf(10_000, 10_000), partOf(937, 1000)]).toEqual([0.999, 1, 0.937])
})
