import { expect, test } from 'vitest'
import { firstKnown } from './span'

test('the data begin with the first point that has a basis', () => {
  const points = [{ asOf: '2021-01-01', basis: 'NONE' }, { asOf: '2022-01-01', basis: 'REPORT' }, { asOf: '2023-01-01', basis: 'NONE' }]
  expect(firstKnown(points, '2023-06-30')).toBe('2022-01-01')
  expect(firstKnown(points.slice(0, 1), '2023-06-30')).toBe('2023-06-30')
})
