// The days and the lines of a history.

const iso = (date: Date) => date.toISOString().slice(0, 10)

/** The day so many months earlier; where that month has no such day, the same day of the nearest earlier month that has. */
export function monthsBefore(day: string, months: number): string {
  const at = new Date(day)
  for (let back = months; ; back++) {
    const found = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - back, at.getUTCDate()))
    if (found.getUTCDate() === at.getUTCDate()) return iso(found)
  }
}

/** Runs of points that are known: a line is not drawn across what is unknown. */
export function runs<T>(points: T[], known: (point: T) => boolean): T[][] {
  const all: T[][] = []
  let open = false
  for (const point of points) {
    if (!known(point)) open = false
    else if (open) all.at(-1)?.push(point)
    else {
      all.push([point])
      open = true
    }
  }
  return all
}

/** The points from the first one that is known. */
export const fromKnown = <T>(points: T[], known: (point: T) => boolean): T[] => points.slice(Math.max(0, points.findIndex(known)))
