import { expect, test } from 'vitest'
import { readView } from '../state'
import { filterOf } from './gaps_filter'

const province = { level: 'PROVINCE', code: '96' } as const
const size = { width: 512, height: 512 }

test('a view without a filter asks by the thresholds of the API', () => {
  expect(filterOf(readView(''), province, size)).toEqual({
    within: province, bbox: null, remoteOnly: false, reasons: null, minGapHouseholds: 1, target: 0.7, teamReachMetres: 3000, maxHouseholdsPerMember: 50, staleAfterMonths: 6,
  })
})

test('everything that a link says of the filter is asked, whole numbers as such', () => {
  const view = readView('remoteOnly=true&reasons=NO_TEAM,STALE&minGapHouseholds=20.4&target=0.85&teamReachMetres=4500&maxHouseholdsPerMember=75.5&staleAfterMonths=9')
  expect(filterOf(view, province, size)).toEqual({
    within: province, bbox: null, remoteOnly: true, reasons: ['NO_TEAM', 'STALE'], minGapHouseholds: 20, target: 0.85, teamReachMetres: 4500, maxHouseholdsPerMember: 75.5, staleAfterMonths: 9,
  })
})

test('only what the map looks at is a rectangle once a person has moved the map', () => {
  expect(filterOf(readView('gapsInView=true'), province, size).bbox).toBeNull()
  const bbox = filterOf(readView('gapsInView=true&at=105.1500,9.1800,9.50'), province, size).bbox
  expect(bbox?.west).toBeCloseTo(105.15 - 180 / 2 ** 9.5, 6)
  expect(bbox?.east).toBeCloseTo(105.15 + 180 / 2 ** 9.5, 6)
  expect(filterOf(readView('at=105.1500,9.1800,9.50'), province, size).bbox).toBeNull()
})
