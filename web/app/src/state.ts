// The one store is the address: what a person sees is what the query string says, so that a link
// brings another person to the same view. Names are those of the API and of /export/.
import { useSyncExternalStore } from 'react'
import type { AdminLevel, BoundingBox, MapMeasure } from './api/documents'

/** A unit as /export/ and links write it: COMMUNE:32041. */
export type Unit = { level: AdminLevel; code: string }
/** Where the map looks. */
export type Camera = { longitude: number; latitude: number; zoom: number }

export const levels = ['PROVINCE', 'DISTRICT', 'COMMUNE', 'HAMLET'] as const satisfies AdminLevel[]
export const measures = ['SHARE', 'GAP_HOUSEHOLDS', 'PRIORITY', 'REMOTENESS', 'HOUSEHOLDS_PER_MEMBER', 'SERVICE_SHARE'] as const satisfies MapMeasure[]
export const reasons = ['NO_TEAM', 'NOT_REGISTERED', 'NEVER_VISITED', 'BELOW_TARGET', 'OUT_OF_REACH', 'OVERLOADED', 'STALE'] as const
export const layers = ['teams', 'service_points', 'addresses'] as const
export const panels = ['overview', 'gaps', 'unit', 'plan'] as const
export const languages = ['vi', 'en'] as const
export type Layer = (typeof layers)[number]
export type Panel = (typeof panels)[number]
export type Language = (typeof languages)[number]

type Codec<T> = { read: (text: string) => T | undefined; write: (value: T) => string; absent: T }

const oneOf = <T extends string>(all: readonly T[], absent: T): Codec<T> => ({ read: (text) => all.find((one) => one === text), write: String, absent })
const maybeOneOf = <T extends string>(all: readonly T[]): Codec<T | null> => ({ read: (text) => all.find((one) => one === text), write: String, absent: null })
const someOf = <T extends string>(all: readonly T[], absent: T[] = []): Codec<T[]> => ({
  read: (text) => all.filter((one) => text.split(',').includes(one)),
  write: (some) => some.join(','),
  absent,
})
const yes = (absent: boolean): Codec<boolean> => ({ read: (text) => (text === 'true' ? true : text === 'false' ? false : undefined), write: String, absent })
const number = (absent: number, least: number, most: number): Codec<number> => ({
  read: (text) => (text !== '' && Number(text) >= least && Number(text) <= most ? Number(text) : undefined),
  write: String,
  absent,
})
const text: Codec<string | null> = { read: (text) => text || undefined, write: String, absent: null }
const day: Codec<string | null> = {
  read: (text) => (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined),
  write: String,
  absent: null,
}
const unit: Codec<Unit | null> = {
  read: (text) => {
    const [level, code] = text.split(/:(.*)/s)
    const known = levels.find((one) => one === level)
    return known && code ? { level: known, code } : undefined
  },
  write: (unit) => (unit ? `${unit.level}:${unit.code}` : ''),
  absent: null,
}
const box: Codec<BoundingBox | null> = {
  read: (text) => {
    const [west, south, east, north, ...rest] = text.split(',').map(Number)
    if (west === undefined || south === undefined || east === undefined || north === undefined || rest.length > 0) return undefined
    return west >= -180 && west < east && east <= 180 && south >= -90 && south < north && north <= 90 ? { west, south, east, north } : undefined
  },
  write: (box) => (box ? [box.west, box.south, box.east, box.north].map((one) => Number(one.toFixed(5))).join() : ''),
  absent: null,
}
const camera: Codec<Camera | null> = {
  read: (text) => {
    const [longitude, latitude, zoom, ...rest] = text.split(',').map(Number)
    if (longitude === undefined || latitude === undefined || zoom === undefined || rest.length > 0) return undefined
    const inside = Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90 && zoom >= 0 && zoom <= 24
    return inside ? { longitude, latitude, zoom } : undefined
  },
  write: (camera) => (camera ? `${camera.longitude.toFixed(4)},${camera.latitude.toFixed(4)},${camera.zoom.toFixed(2)}` : ''),
  absent: null,
}

/** Every name that the address may hold, how it is read and written, and what its absence means. */
const fields = {
  lang: oneOf(languages, 'vi'),
  /** Inside which unit the map shows units; absent: the province. */
  within: unit,
  /** The level of the units shown; absent: the one next below `within`. */
  level: maybeOneOf(levels),
  measure: oneOf(measures, 'SHARE'),
  /** The service of SERVICE_SHARE. */
  service: text,
  /** The day of the figures; absent: the last one of the data. */
  asOf: day,
  /** The day whose boundaries; absent: `asOf`. */
  boundariesAsOf: day,
  /** The day on which the classes of the map were made; absent: `asOf`. */
  classesAsOf: day,
  remoteOnly: yes(false),
  /** The unit that is chosen: outlined on the map, told about in the panel. */
  unit: unit,
  panel: oneOf(panels, 'overview'),
  layers: someOf(layers, ['addresses']),
  /** Where the map looks; absent: at the whole of `within`. */
  at: camera,
  /** The table instead of the map. */
  table: yes(false),
  // The filter of the gaps, as GapFilter has it.
  reasons: someOf(reasons),
  minGapHouseholds: number(1, 0, 1e9),
  target: number(0.7, 0, 1),
  teamReachMetres: number(3000, 0, 1e6),
  maxHouseholdsPerMember: number(50, 0, 1e6),
  staleAfterMonths: number(6, 0, 1200),
  /** Of the gaps only those that the map looks at. */
  gapsInView: yes(false),
  // The plan, as TeamPlanInput has it.
  planTeams: number(10, 1, 200),
  planReachMetres: number(3000, 1, 100_000),
  planCapacity: number(0, 0, 1e9),
  planDemand: oneOf(['GAP_HOUSEHOLDS', 'ALL_HOUSEHOLDS'] as const, 'GAP_HOUSEHOLDS'),
  planCandidates: oneOf(['HAMLETS', 'SERVICE_POINTS', 'ADDRESSES'] as const, 'HAMLETS'),
  planKeepExisting: yes(true),
  planCrossBorders: yes(true),
  /** Plan for this rectangle alone, not for the whole of `within`. */
  planBox: box,
  /** The share that teams shall reach, whose fewest teams are asked for, planTeams being the most; 0: planTeams itself is asked for. */
  planShare: number(0, 0, 1),
  /** The plan has been asked for: a link brings it back. */
  planned: yes(false),
  /** The unit and the day that it was asked for: it stays what it was when the map goes elsewhere or the day moves. Absent: those shown. */
  planWithin: unit,
  planAsOf: day,
}

type Value<C> = C extends Codec<infer T> ? T : never
/** What a person sees, all of it. */
export type View = { [K in keyof typeof fields]: Value<(typeof fields)[K]> }

const entries = Object.entries(fields) as [keyof View, Codec<unknown>][]

/** The view that a query string means. What it holds and is not known, or out of bounds, counts as absent. */
export function readView(query: string): View {
  const given = new URLSearchParams(query)
  return Object.fromEntries(
    entries.map(([name, codec]) => {
      const text = given.get(name)
      return [name, (text === null ? undefined : codec.read(text)) ?? codec.absent]
    }),
  ) as View
}

/** The query string of a view: only what differs from its absence, in a fixed order. */
export function writeView(view: View): string {
  const query = new URLSearchParams()
  for (const [name, codec] of entries) {
    const text = view[name] === null ? '' : codec.write(view[name])
    if (text !== (codec.absent === null ? '' : codec.write(codec.absent))) query.set(name, text)
  }
  return query.toString().replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%2F', '/')
}

let limit = (view: View) => view
let seen = { query: '', limit, asked: readView(''), view: readView('') }
const listeners = new Set<() => void>()

function look() {
  if (seen.query !== location.search || seen.limit !== limit) {
    const asked = seen.query === location.search ? seen.asked : readView(location.search)
    seen = { query: location.search, limit, asked, view: limit(asked) }
  }
  return seen
}

/** The view now: what the address asks for, as far as the person may see it. */
export const currentView = (): View => look().view
/** What the address asks for. */
export const askedView = (): View => look().asked

/** From now on views are shown as far as `to` lets them. The address keeps what it asks for. */
export function limitView(to: (view: View) => View) {
  limit = to
  for (const listener of listeners) listener()
}

/**
 * Changes the view. A step that a person would take back with the browser's button makes an entry in its history; `replace`
 * makes none: for what moves all the time, such as the camera or the day under play.
 */
export function changeView(change: Partial<View>, how: 'push' | 'replace' = 'push') {
  const query = writeView({ ...askedView(), ...change })
  if (query === location.search.slice(1)) return
  history[how === 'push' ? 'pushState' : 'replaceState'](null, '', query ? `?${query}` : location.pathname)
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  addEventListener('popstate', listener)
  return () => {
    listeners.delete(listener)
    removeEventListener('popstate', listener)
  }
}

/** The view, and again whenever it changes. */
export const useView = () => useSyncExternalStore(subscribe, currentView)
/** What the address asks for, and again whenever it changes. */
export const useAskedView = () => useSyncExternalStore(subscribe, askedView)

/** The level at which a unit's parts are shown unless another is chosen: districts are passed over, for few days have them. */
export function levelBelow(level: AdminLevel): AdminLevel {
  return level === 'PROVINCE' || level === 'DISTRICT' ? 'COMMUNE' : 'HAMLET'
}

export const sameUnit = (a: Unit | null, b: Unit | null) => a?.level === b?.level && a?.code === b?.code
