import { expect, test } from 'vitest'
import { fromKnown, monthsBefore, runs } from './unit_days'

test('months back the day of the month stays, so that a step of months meets the last day', () => {
  expect(monthsBefore('2024-09-30', 60)).toBe('2019-09-30')
  expect(monthsBefore('2024-03-15', 3)).toBe('2023-12-15')
  expect(monthsBefore('2026-10-31', 1)).toBe('2026-08-31') // September has no 31st
  expect(monthsBefore('2024-02-29', 12)).toBe('2023-01-29') // nor had February 2023 a 29th
})

test('a line stops where nothing is known and goes on behind', () => {
  const known = (one: number | null) => one !== null
  expect(runs([null, 1, 2, null, null, 0, null, 3], known)).toEqual([[1, 2], [0], [3]])
  expect(runs([], known)).toEqual([])
  expect(fromKnown([null, null, 0, null, 5], known)).toEqual([0, null, 5])
  expect(fromKnown([null, null], known)).toEqual([null, null])
})
