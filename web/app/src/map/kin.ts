// What a unit was and became: a code alone does not say which place is meant, for codes are used again.
import { useQuery } from 'urql'
import { KinDocument, type LastingFragment } from '../api/documents'
import { useDay } from '../api/start'
import { useView, type Unit, type View } from '../state'

type Lasting = Pick<LastingFragment, 'level' | 'code' | 'fullName' | 'validFrom' | 'validTo'>
/** A unit with those before and after it, as far as they were asked for. */
export type Kin = Lasting & { predecessors?: { unit: Kin }[]; successors?: { unit: Kin }[] }

/** A unit as it is on the boundaries shown; null while it is not known, or where there is none. */
export function useKin(unit: Unit | null): Kin | null {
  const { boundariesAsOf } = useView()
  const [day] = useDay()
  const asOf = boundariesAsOf ?? day
  const [{ data }] = useQuery({ query: KinDocument, variables: { level: unit?.level ?? 'PROVINCE', code: unit?.code ?? '', asOf: asOf ?? '' }, pause: !unit || !asOf })
  const kin = data?.adminUnit ?? null
  return kin && asOf && kin.code === unit?.code && kin.level === unit.level && lasts(kin, asOf) ? kin : null
}

/** Whether a unit is on a day what it is. */
export const lasts = (unit: Lasting, day: string) => unit.validFrom <= day && (unit.validTo === null || day < unit.validTo)

/** The units of a day that a unit of another time came from or became part of, each once. */
export function kinOn(unit: Kin, day: string): Lasting[] {
  if (lasts(unit, day)) return [unit]
  const next = (day < unit.validFrom ? unit.predecessors : unit.successors) ?? []
  const found = next.flatMap((one) => kinOn(one.unit, day))
  return found.filter((one, index) => found.findIndex((other) => other.level === one.level && other.code === one.code) === index)
}

/** What else changes when the boundaries of another day are shown: the unit chosen is let go where it is none of theirs, for its code may be another's then. */
export const keepUnit = (chosen: Kin | null, boundaries: string): Partial<View> => (chosen && !lasts(chosen, boundaries) ? { unit: null } : {})
