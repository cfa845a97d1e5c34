import { expect, test } from 'vitest'
import { readView } from '../state'
import { limited, publishedDay } from './rights'

const of = { code: '96', asOf: '2026-10-15', publishedFrom: '2022-03-31', publishedTo: '2026-09-30' }

test('a day stands for the last month end until it, within what is published', () => {
  expect(publishedDay('2024-02-29', of)).toBe('2024-02-29')
  expect(publishedDay('2024-02-28', of)).toBe('2024-01-31')
  expect(publishedDay('2024-01-15', of)).toBe('2023-12-31')
  expect(publishedDay('2020-01-01', of)).toBe('2022-03-31')
  expect(publishedDay('2027-01-01', of)).toBe('2026-09-30')
  expect(publishedDay('2024-01-15', { publishedFrom: null, publishedTo: null })).toBe('2024-01-15')
})

test('without a right a view shows what is published, and with one all that it asks for', () => {
  const view = readView('asOf=2024-01-15&boundariesAsOf=2025-07-01&measure=PRIORITY&remoteOnly=true&layers=teams,addresses&panel=gaps')
  expect(limited(view, new Set(), of)).toEqual({ ...view, asOf: '2023-12-31', boundariesAsOf: null, measure: 'SHARE', remoteOnly: false, layers: ['teams'] })
  expect(limited(view, new Set(['AGGREGATES'] as const), of)).toEqual({ ...view, layers: ['teams'] })
  expect(limited(view, new Set(['AGGREGATES', 'PERSONS'] as const), of)).toBe(view)
  expect(limited(view, null, of)).toBe(view) // nothing is asked for before it is known
})
