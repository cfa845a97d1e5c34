import { expect, test } from 'vitest'
import { wrap } from './wrap'

test('lines break between words, and lose none', () => {
  const text = 'Dữ liệu tổng hợp  để trình diễn: nghiêngngảkhôngdứt ở đây'
  const lines = wrap(text, 15, (text) => text.length)
  expect(lines.join(' ')).toBe(text.replaceAll(/\s+/g, ' '))
  for (const line of lines) expect(line.length <= 15 || !line.includes(' ')).toBe(true)
  expect(wrap('', 15, (text) => text.length)).toEqual([])
})
