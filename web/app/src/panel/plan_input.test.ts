import { expect, test } from 'vitest'
import { readView, writeView } from '../state'
import { inputOf, planFile } from './plan_input'

const link = 'panel=plan&planTeams=25&planReachMetres=1500&planCapacity=400&planDemand=ALL_HOUSEHOLDS&planCandidates=ADDRESSES&planKeepExisting=false&planBox=105,8.5,105.5,9&planShare=0.9&planned=true'
const within = { level: 'COMMUNE', code: '32041' } as const

test('a link brings the wishes back, and they become the input', () => {
  const view = readView(link)
  expect(readView(writeView(view))).toEqual(view)
  expect(inputOf(view, within, '2024-09-30')).toEqual({
    within,
    bbox: { west: 105, south: 8.5, east: 105.5, north: 9 },
    asOf: '2024-09-30',
    teams: 25,
    reachMetres: 1500,
    capacity: 400,
    demand: 'ALL_HOUSEHOLDS',
    candidates: 'ADDRESSES',
    keepExisting: false,
    crossBorders: true,
  })
})

test('no capacity is no limit, and a rectangle that is none counts as absent', () => {
  const input = inputOf(readView('planBox=106,8.5,105.5,9'), within, '2024-09-30')
  expect(input.capacity).toBeNull()
  expect(input.bbox).toBeNull()
})

test('the file has the same arguments', () => {
  const file = new URL(planFile(inputOf(readView(link), within, '2024-09-30'), 0.9, 'xlsx', 'en'), 'http://localhost')
  expect(file.pathname).toBe('/export/plan.xlsx')
  expect(Object.fromEntries(file.searchParams)).toEqual({
    asOf: '2024-09-30', teams: '25', reachMetres: '1500', capacity: '400', demand: 'ALL_HOUSEHOLDS', candidates: 'ADDRESSES',
    keepExisting: 'false', crossBorders: 'true', within: 'COMMUNE:32041', bbox: '105,8.5,105.5,9', share: '0.9', lang: 'en',
  })
  expect(planFile(inputOf(readView(''), within, '2024-09-30'), 0, 'csv', 'vi')).not.toContain('capacity')
})
