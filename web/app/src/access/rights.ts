// What who asks may see, as the server tells it: by the place that is looked at, because a right holds in units. Until it is known
// nothing is asked for.
import { useEffect, useState, useSyncExternalStore } from 'react'
import { useClient, type CombinedError } from 'urql'
import { RightsDocument, type Right, type StartQuery } from '../api/documents'
import { limitView, useAskedView, type Unit, type View } from '../state'

export type Rights = ReadonlySet<Right>
export type Me = StartQuery['me']
/** Of the province whose data are shown: its code, its last day, and the month ends that everybody is told of. */
export type Province = { code: string; asOf: string; publishedFrom: string | null; publishedTo: string | null }

const none: Rights = new Set()
let me: Me | null = null
let province: Province | null = null
let places = new Map<string, Rights>()
const listeners = new Set<() => void>()
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
function tell() {
  limitView((view) => limited(view, rightsAt(view), province))
  for (const listener of listeners) listener()
}

/** Another caller: nothing is known. */
function forget() {
  me = null
  province = null
  places = new Map()
  tell()
}

/** The server has said who asks, and of what. */
function know(caller: Me, of: Province | null) {
  if (me === caller && province?.code === of?.code && province?.asOf === of?.asOf && province?.publishedTo === of?.publishedTo) return
  me = caller
  province = of
  tell()
}

/** What is known of a place. */
function knowPlace(place: Place, rights: Right[]) {
  places.set(key(place), new Set(rights))
  tell()
}

type Place = Unit & { day: string }
const key = ({ level, code, day }: Place) => `${level}:${code}@${day}`
/** Where a view is, on the day of its boundaries. */
const placeOf = (view: View, of: Province): Place => ({ ...(view.within ?? { level: 'PROVINCE', code: of.code }), day: view.boundariesAsOf ?? view.asOf ?? of.asOf })

/** What the caller may ask about a place; null: not known yet. What holds everywhere, or nowhere, needs no asking. */
function rightsIn(place: Place | null): Rights | null {
  if (!me) return null
  if (me.grants.every((one) => one.everywhere)) return me.grants.length ? new Set(me.grants.map((one) => one.right)) : none
  return (place && places.get(key(place))) ?? null
}
let last: { me: Me | null; known: Map<string, Rights>; size: number; key: string; rights: Rights | null } | null = null
function rightsAt(view: View): Rights | null {
  const place = province && placeOf(view, province)
  const at = place ? key(place) : ''
  if (last?.me !== me || last.known !== places || last.size !== places.size || last.key !== at) last = { me, known: places, size: places.size, key: at, rights: rightsIn(place) }
  return last.rights
}

/** The measures that are published. */
export const publishedMeasures = ['SHARE', 'GAP_HOUSEHOLDS', 'HOUSEHOLDS_PER_MEMBER'] as const satisfies View['measure'][]

/** The last month end until a day, no earlier than the first published and no later than the last. */
export function publishedDay(day: string, { publishedFrom: first, publishedTo: last }: Pick<Province, 'publishedFrom' | 'publishedTo'>): string {
  if (!first || !last) return day
  if (day >= last) return last
  const [year = 0, month = 0] = day.split('-').map(Number)
  const end = (months: number) => new Date(Date.UTC(year, months, 0)).toISOString().slice(0, 10)
  const until = end(month) === day ? day : end(month - 1)
  return until < first ? first : until
}

/** What of a view may be shown: without the right to exact figures what is published, on month ends and their own boundaries. */
export function limited(view: View, rights: Rights | null, of: Province | null): View {
  if (!rights || !of) return view
  const layers = rights.has('PERSONS') ? view.layers : view.layers.filter((one) => one !== 'addresses')
  const shown = layers.length === view.layers.length ? view : { ...view, layers }
  if (rights.has('AGGREGATES')) return shown
  const asOf = view.asOf && publishedDay(view.asOf, of)
  return {
    ...shown,
    asOf: asOf === of.publishedTo ? null : asOf,
    boundariesAsOf: null,
    classesAsOf: view.classesAsOf && publishedDay(view.classesAsOf, of),
    measure: publishedMeasures.find((one) => one === view.measure) ?? 'SHARE',
    service: null,
    remoteOnly: false,
  }
}

/** What may be asked about the place that is looked at; null: not known yet. */
export function useRights(): Rights | null {
  const view = useAskedView()
  return useSyncExternalStore(subscribe, () => rightsAt(view))
}
/** Who asks; null: not known yet. */
export const useMe = () => useSyncExternalStore(subscribe, () => me)

/** Who asks now; null: not known yet. */
export const currentMe = () => me

/** The units in which the caller has a right, to go to: none where it holds everywhere or nowhere. */
export const unitsOf = (caller: Me | null, right: Right) => caller?.grants.find((one) => one.right === right)?.units ?? []
/** Whether the caller has a right somewhere. */
export const somewhere = (caller: Me | null, right: Right) => caller?.grants.some((one) => one.right === right) ?? false
/** Whether the caller has a right everywhere. */
export const everywhere = (caller: Me | null, right: Right) => caller?.grants.some((one) => one.right === right && one.everywhere) ?? false
/** Whether the caller has a right in all of a province. */
export const inProvince = (caller: Me | null, right: Right, code: string | undefined) => everywhere(caller, right) || unitsOf(caller, right).some((one) => one.level === 'PROVINCE' && one.code === code)

/** What may be asked about a unit on a day; null: not known yet. Where it could not be asked: why, and how to ask again. */
export function useRightsIn(unit: Unit | null, day: string | null): { rights: Rights | null; error: CombinedError | undefined; again: () => void } {
  const caller = useMe()
  const known = useSyncExternalStore(subscribe, () => (unit && day ? (places.get(key({ ...unit, day })) ?? null) : null))
  const scoped = caller !== null && !caller.grants.every((one) => one.everywhere)
  const client = useClient()
  const { level, code } = unit ?? {}
  const wanted = scoped && known === null
  const at = unit && day ? key({ ...unit, day }) : ''
  const [failed, setFailed] = useState<{ at: string; error: CombinedError } | null>(null)
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    if (!wanted || !level || !code || !day) return
    const asking = client.query(RightsDocument, { level, code, asOf: day }, { requestPolicy: attempt ? 'network-only' : 'cache-first' }).subscribe(({ data, error }) => {
      if (error) setFailed({ at: key({ level, code, day }), error })
      else knowPlace({ level, code, day }, data?.adminUnit?.rights ?? [])
    })
    return () => asking.unsubscribe()
  }, [client, wanted, level, code, day, attempt])
  const again = () => {
    setFailed(null)
    setAttempt((before) => before + 1)
  }
  return { rights: scoped ? known : rightsIn(null), error: wanted && failed?.at === at ? failed.error : undefined, again }
}

/** Follows who asks, and what may be asked about the place that is looked at; tells where that could not be asked. */
export function useAccess(caller: Me | undefined, newest: (Omit<Province, 'code'> & { province: string }) | null) {
  const view = useAskedView()
  const { province: code, asOf, publishedFrom, publishedTo } = newest ?? {}
  useEffect(() => {
    if (caller) know(caller, code && asOf ? { code, asOf, publishedFrom: publishedFrom ?? null, publishedTo: publishedTo ?? null } : null)
  }, [caller, code, asOf, publishedFrom, publishedTo])
  useEffect(() => forget, [])
  const place = code && asOf ? placeOf(view, { code, asOf, publishedFrom: null, publishedTo: null }) : null
  return useRightsIn(place, place?.day ?? null)
}
