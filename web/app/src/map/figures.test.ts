import { expect, test } from 'vitest'
import { classOf } from './figures'

const classes = [{ lower: 0.2 }, { lower: 0.4 }, { lower: 0.6 }]

test('a class holds its lower bound, and what lies outside of all belongs to the nearest', () => {
  expect([0.2, 0.39, 0.4, 0.6, 0.9, 0.1, 0].map((value) => classOf(value, classes))).toEqual([0, 0, 1, 2, 2, 0, 0])
})

test('what is not known has no class, and 0 has one', () => {
  expect(classOf(null, classes)).toBeNull()
  expect(classOf(0, [{ lower: 0 }])).toBe(0)
  expect(classOf(0.5, [])).toBeNull()
})
