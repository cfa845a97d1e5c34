// What search finds, and where each finding leads.
import { eve } from '../map/boundaries'
import type { SearchQuery } from '../api/documents'
import type { Camera, Unit, View } from '../state'

export type Found = SearchQuery['here'][number]['unit']
/** A unit found; `on` is the day to go to where it is not valid on the day shown. */
export type Hit = Found & { on: string | null }

/** A day with other boundaries than a day's: the eve of the last change, or for days before that the change itself. */
export function otherDay(day: string, changes: string[]): string | null {
  const last = changes.at(-1)
  if (!last) return null
  return day < last ? last : eve(last)
}

/** The units of the day shown, then those that are only valid on the other day. */
export function hits(answer: SearchQuery | undefined, day: string): Hit[] {
  const valid = (unit: Found) => unit.validFrom <= day && (unit.validTo === null || day < unit.validTo)
  const here = answer?.here.map((one) => one.unit) ?? []
  const others = answer?.other?.map((one) => one.unit).filter((unit) => !valid(unit) && !here.some((one) => one.id === unit.id)) ?? []
  return [...here.map((unit) => ({ ...unit, on: null })), ...others.map((unit) => ({ ...unit, on: unit.validTo !== null && unit.validTo <= day ? eve(unit.validTo) : unit.validFrom }))]
}

/** What a unit was called before, where that differs from what it is called: at most three names and how many more. */
export function formerNames(unit: Found): { names: string[]; more: number } {
  const all = [...new Set(unit.predecessors.map((one) => one.unit.fullName))].filter((name) => name !== unit.fullName)
  return { names: all.slice(0, 3), more: Math.max(0, all.length - 3) }
}

/** The camera that holds a box with room around it, on a map of so many pixels. */
export function lookAt([west, south, east, north]: number[], width: number): Camera | null {
  if (west === undefined || south === undefined || east === undefined || north === undefined) return null
  const span = Math.max(east - west, north - south, 1e-4) * 1.6
  return { longitude: (west + east) / 2, latitude: (south + north) / 2, zoom: Math.min(16, Math.max(5, Math.log2((360 * width) / (512 * span)))) }
}

/** Goes to a unit: inside it, or for a hamlet, which has no parts, nearer to it inside its commune. */
export function goTo(hit: Hit, width: number): Partial<View> {
  const unit: Unit = { level: hit.level, code: hit.code }
  const above = hit.ancestors[0]
  const hamlet = hit.level === 'HAMLET'
  return {
    within: hamlet ? (above ? { level: above.level, code: above.code } : null) : unit,
    level: null,
    unit,
    panel: 'unit',
    at: hamlet && hit.bbox ? lookAt(hit.bbox, width) : null,
    classesAsOf: null,
    ...(hit.on !== null && { asOf: hit.on, boundariesAsOf: null }),
  }
}
