import { expect, test } from 'vitest'
import { keepPlace } from './boundaries'

const changes = ['2024-12-01', '2025-07-01']
const within = { level: 'COMMUNE', code: '32041' } as const
const at = { within, boundariesAsOf: null }

test('within a commune the day takes its boundaries along over a change', () => {
  expect(keepPlace(at, changes, '2024-09-30', '2025-07-01')).toEqual({ boundariesAsOf: '2024-11-30' })
  expect(keepPlace(at, changes, '2024-12-01', '2024-11-30')).toEqual({ boundariesAsOf: '2024-12-01' })
  expect(keepPlace(at, changes, '2026-10-31', '2022-04-01')).toEqual({ boundariesAsOf: '2025-07-01' })
})

test('back on its own boundaries the place needs no others', () => {
  expect(keepPlace({ within, boundariesAsOf: '2024-11-30' }, changes, '2025-07-01', '2024-06-30')).toEqual({ boundariesAsOf: null })
  expect(keepPlace({ within, boundariesAsOf: '2024-11-30' }, changes, '2025-07-01', '2024-12-31')).toEqual({})
})

test('elsewhere the boundaries are those of the day', () => {
  expect(keepPlace(at, changes, '2024-12-01', '2025-06-30')).toEqual({})
  expect(keepPlace({ within: null, boundariesAsOf: null }, changes, '2024-09-30', '2025-07-01')).toEqual({})
  expect(keepPlace({ within: { level: 'PROVINCE', code: '96' }, boundariesAsOf: null }, changes, '2024-09-30', '2025-07-01')).toEqual({})
  expect(keepPlace({ within, boundariesAsOf: '2025-07-01' }, changes, '2024-12-31', '2024-09-30')).toEqual({})
  expect(keepPlace(at, null, '2024-09-30', '2025-07-01')).toEqual({})
  expect(keepPlace(at, [], '2024-09-30', '2025-07-01')).toEqual({})
})
