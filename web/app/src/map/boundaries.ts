// When boundaries changed.
import { useMemo, useState } from 'react'
import { useQuery } from 'urql'
import { ChangesDocument } from '../api/documents'
import { useNewest } from '../api/start'
import type { View } from '../state'

/** The eve of a day. */
export const eve = (day: string) => new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10)

/** The days on which the districts or communes of the province changed, the earliest first; null while they are not known. */
export function useChanges(): string[] | null {
  const newest = useNewest()
  const [{ data }] = useQuery({ query: ChangesDocument, variables: { code: newest?.province ?? '', asOf: newest?.asOf ?? '' }, pause: !newest })
  return useMemo(() => {
    if (!data) return null
    const days = new Set<string>()
    for (const before of data.adminUnit?.children.nodes.flatMap((one) => one.predecessors) ?? []) {
      days.add(before.effectiveOn)
      for (const earlier of before.unit.predecessors) days.add(earlier.effectiveOn)
    }
    return [...days].sort()
  }, [data])
}

/** The day that stands for the boundaries of a day: that of the last change, or the eve of the first. */
export const standing = (day: string, [first, ...later]: string[]) => (first && day >= first ? (later.findLast((change) => change <= day) ?? first) : first && eve(first))

/** Whether districts and communes are the same on two days. */
export const sameBoundaries = (a: string, b: string, changes: string[]) => standing(a, changes) === standing(b, changes)

/**
 * What else changes when the day moves: within a commune or district the map stays at that place, on the boundaries that it is
 * of, for on others its code is nobody's, or another's. When the day comes back to those boundaries they are its own again.
 * Figures for everybody stand on the boundaries of their day alone: of who is not told exact ones the map goes back to the province.
 */
export function keepPlace(view: Pick<View, 'within' | 'boundariesAsOf'>, changes: string[] | null, from: string, to: string, exact = true): Partial<View> {
  if (!view.within || view.within.level === 'PROVINCE' || !changes) return {}
  const kept = standing(view.boundariesAsOf ?? from, changes)
  if (!exact) return kept === standing(to, changes) ? {} : { within: null, level: null, unit: null, at: null }
  if (kept === standing(to, changes)) return view.boundariesAsOf ? { boundariesAsOf: null } : {}
  return view.boundariesAsOf ? {} : { boundariesAsOf: kept }
}

/**
 * Keeps a day until another one has other boundaries: what is drawn need not be asked for again while the day moves. Before it
 * is known when they changed, every day has its own.
 */
export function useSameBoundaries(day: string | null): string | null {
  const changes = useChanges()
  const [kept, setKept] = useState(day)
  const same = kept !== null && day !== null && (kept === day || (changes !== null && sameBoundaries(kept, day, changes)))
  if (!same && kept !== day) setKept(day)
  return same ? kept : day
}
