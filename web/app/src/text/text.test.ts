import { expect, test } from 'vitest'
import en from './en.json'
import { said } from './text'
import vi from './vi.json'

/** Every key of a catalogue with the names of the values that its text holds. */
function shape(texts: object, path = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([key, text]: [string, unknown]) =>
      typeof text === 'string'
        ? [[path + key, [...text.matchAll(/\{\{\s*(\w+)/g)].map((found) => found[1]).sort().join()]]
        : Object.entries(shape(text as object, `${path}${key}.`)),
    ),
  )
}

test('both languages say the same things about the same values', () => {
  // English has a form for one thing that Vietnamese does not need.
  const english = Object.fromEntries(Object.entries(shape(en)).filter(([key]) => !key.endsWith('_one')))
  const vietnamese = shape(vi)
  expect(Object.keys(english).length).toBeGreaterThan(20)
  expect(english).toEqual(vietnamese)
})

test('every text is said somewhere', () => {
  const sources = Object.entries(import.meta.glob<string>('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true }))
    .filter(([path]) => !path.includes('.test.'))
    .map(([, text]) => text)
    .join('\n')
  // By its whole name, or by one whose end is put together: t(`status.${status}`).
  const isSaid = (key: string) => {
    const parts = key.split('.')
    return sources.includes(`'${key}'`) || parts.some((_, end) => end > 0 && sources.includes(`\`${parts.slice(0, end).join('.')}.\${`))
  }
  expect(Object.keys(shape(vi)).filter((key) => !isSaid(key))).toEqual([])
})

test('nothing is empty, and Vietnamese is written in NFC with the letter Đ', () => {
  for (const text of [vi, en].flatMap((texts) => JSON.stringify(texts).match(/"(?:[^"\\]|\\.)*"/g) ?? [])) {
    expect(text).not.toBe('""')
    expect(text).toBe(text.normalize('NFC'))
    expect(text).not.toMatch(/[\u00d0\u00f0]/)
  }
})

test('a refusal of the API is said in the language in use', () => {
  expect(said('quá nhiều hộ / too many households', 'vi')).toBe('quá nhiều hộ')
  expect(said('quá nhiều hộ / too many households', 'en')).toBe('too many households')
  expect(said('context deadline exceeded', 'vi')).toBe('context deadline exceeded')
})
