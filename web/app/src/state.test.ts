import { expect, test } from 'vitest'
import { changeView, currentView, readView, writeView } from './state'

test('a view comes back from its own link', () => {
  const link =
    'lang=en&within=DISTRICT:972&level=COMMUNE&measure=SERVICE_SHARE&service=e_payment&asOf=2024-09-30&boundariesAsOf=2024-12-01&remoteOnly=true' +
    '&unit=HAMLET:96/3224801&panel=gaps&layers=teams,service_points&at=105.1500,9.1800,9.50&table=true&reasons=NO_TEAM,STALE&target=0.8&planTeams=12&planKeepExisting=false'
  expect(writeView(readView(link))).toBe(link)
  expect(readView(link).unit).toEqual({ level: 'HAMLET', code: '96/3224801' })
})

test('what is absent, unknown or out of bounds is the default, and is not written', () => {
  const strange = readView('?level=VILLAGE&asOf=2024-13-01&planTeams=1000&at=1,2&unit=COMMUNE:&target=&nothing=1')
  expect(strange).toEqual(readView(''))
  expect(writeView(strange)).toBe('')
})

test('no layer is not the same as the usual layers', () => {
  const none = { ...readView(''), layers: [] }
  expect(readView(writeView(none)).layers).toEqual([])
})

test('a step can be taken back, a movement cannot', async () => {
  const before = history.length
  changeView({ unit: { level: 'COMMUNE', code: '32041' } })
  changeView({ at: { longitude: 105, latitude: 9, zoom: 8 } }, 'replace')
  expect(history.length).toBe(before + 1)
  expect(currentView().unit?.code).toBe('32041')
  const popped = new Promise((resolve) => addEventListener('popstate', resolve, { once: true }))
  history.back()
  await popped
  expect(currentView().unit).toBeNull()
})
