import { expect, test } from 'vitest'
import { eve } from '../map/boundaries'
import { nextStep } from './step'

test('play goes by the last days of months and stops at the last day', () => {
  const days = ['2023-12-15']
  while (days.length < 20 && days.at(-1) !== '2024-04-10') days.push(nextStep(days.at(-1) ?? '', '2024-04-10'))
  expect(days).toEqual(['2023-12-15', '2023-12-31', '2024-01-31', '2024-02-29', '2024-03-31', '2024-04-10'])
})

test('the eve of a change is the last day of what was before', () => {
  expect(eve('2025-07-01')).toBe('2025-06-30')
  expect(eve('2024-03-01')).toBe('2024-02-29')
})
