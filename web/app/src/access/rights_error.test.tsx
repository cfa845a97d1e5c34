import { act } from 'react'
import { createRoot } from 'react-dom/client'
import { cacheExchange, Client, fetchExchange, Provider } from 'urql'
import { expect, test } from 'vitest'
import { useAccess, useRightsIn } from './rights'

test('where it can not be asked what may be seen, that is told, and it can be asked again', async () => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })
  let there = false
  const server = () => (there ? Promise.resolve(Response.json({ data: { adminUnit: { __typename: 'AdminUnit', rights: ['DECISIONS'] } } })) : Promise.reject(new Error('not there')))
  const client = new Client({ url: 'http://localhost/graphql', exchanges: [cacheExchange, fetchExchange], preferGetMethod: false, fetch: server })
  const me = { signedIn: true, roles: [], grants: [{ right: 'DECISIONS' as const, everywhere: false, units: [] }] }
  let seen: ReturnType<typeof useRightsIn> | undefined
  function Known() {
    useAccess(me, null)
    seen = useRightsIn({ level: 'COMMUNE', code: '32041' }, '2024-09-30')
    return null
  }
  const passes = () => new Promise((done) => setTimeout(done))
  await act(async () => {
    createRoot(document.createElement('div')).render(
      <Provider value={client}>
        <Known />
      </Provider>,
    )
    await passes()
  })
  expect([seen?.rights, seen?.error?.networkError?.message]).toEqual([null, 'not there'])
  there = true
  await act(async () => {
    seen?.again()
    await passes()
  })
  expect([[...(seen?.rights ?? [])], seen?.error]).toEqual([['DECISIONS'], undefined])
})
