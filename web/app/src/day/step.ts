// Days as numbers, and the steps of play.

const ms = 86_400_000
export const number = (day: string) => Math.round(Date.parse(day) / ms)
export const text = (number: number) => new Date(number * ms).toISOString().slice(0, 10)
/** The last day of the month after a day's, or of its own where that is still to come; no later than `last`. */
export function nextStep(day: string, last: string): string {
  const at = new Date(day)
  const own = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).toISOString().slice(0, 10)
  const step = own > day ? own : new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 2, 0)).toISOString().slice(0, 10)
  return step < last ? step : last
}

/** The last days of months from one to another. */
export function monthEnds(first: string, last: string): string[] {
  const ends = [first]
  for (let day = first; day < last; ends.push(day)) day = nextStep(day, last)
  return ends
}
