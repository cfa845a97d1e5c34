// The figures of the units shown, and the classes that they fall into.
import { useMemo } from 'react'
import { useQuery } from 'urql'
import { ClassesDocument, FiguresDocument, type CoverageMapInput } from '../api/documents'
import { inProvince, useMe, useRights } from '../access/rights'
import { useDay, useNewest } from '../api/start'
import { currentView, levelBelow, useView } from '../state'
import { useWithin } from './within'

/** One unit's figures. What is not known is null, and never 0. */
export type Figure = {
  code: string
  name: string
  fullName: string
  parentCode: string | null
  value: number | null
  /** The index of its class; null: no data. */
  class: number | null
  share: number | null
  shareLow: number | null
  shareHigh: number | null
  guided: number | null
  gapHouseholds: number | null
  addresses: number
  teams: number
  members: number
  remote: boolean
  index: number | null
}
export type Class = { lower: number; upper: number; color: string; count: number }

/** The class of a value. On other days than that of the classes values may lie outside of all: they belong to the nearest. */
export function classOf(value: number | null, classes: { lower: number }[]): number | null {
  if (value === null || classes.length === 0) return null
  return Math.max(0, classes.findLastIndex((one) => value >= one.lower))
}

/** What the map asks on a day; null while it is not known what there is. */
export function useQuestion(): ((day: string, boundaries?: string | null) => CoverageMapInput) | null {
  const view = useView()
  const within = useWithin()
  if (!within) return null
  const measure = view.measure === 'SERVICE_SHARE' && !view.service ? 'SHARE' : view.measure
  return (day, boundaries = view.boundariesAsOf) => ({
    level: view.level ?? levelBelow(within.level),
    within,
    asOf: day,
    boundariesAsOf: boundaries,
    measure,
    service: measure === 'SERVICE_SHARE' ? view.service : null,
    remoteOnly: view.remoteOnly,
    zoom: 0,
  })
}

/** The figures of the day and their classes. While others are on their way the last ones stay. */
export function useFigures() {
  const view = useView()
  const [day] = useDay()
  const question = useQuestion()
  const newest = useNewest()
  const me = useMe()
  const exact = useRights()?.has('AGGREGATES')
  const input = day && question ? question(day) : undefined
  // The classes are the whole province's: inside a unit too a colour means what it meant outside. Of who may see exact figures here and not there, they are those of here.
  const here = input?.within?.level === 'PROVINCE' || (exact && !inProvince(me, 'AGGREGATES', newest?.province))
  const province = here ? (input?.within ?? null) : newest && { level: 'PROVINCE' as const, code: newest.province }
  const classInput = input && { ...input, within: province, asOf: view.classesAsOf ?? input.asOf, remoteOnly: false }
  const [figures] = useQuery({ query: FiguresDocument, variables: { input: input as CoverageMapInput }, pause: !input })
  const [legend] = useQuery({ query: ClassesDocument, variables: { input: classInput as CoverageMapInput }, pause: !classInput })
  const answer = figures.data?.coverageMap
  const classes = legend.data?.coverageMap.legend
  const counted = useMemo(() => {
    if (!answer || !classes) return null
    const rows = answer.features.features.map((feature) => {
      const figure = feature.properties as Figure
      return { ...figure, class: classOf(figure.value, classes) }
    })
    const counts: Class[] = classes.map((one, index) => ({ ...one, count: rows.filter((row) => row.class === index).length }))
    return { rows, classes: counts, none: rows.filter((row) => row.class === null).length }
  }, [answer, classes])
  return { ...counted, level: input?.level, error: figures.error ?? legend.error, fetching: figures.fetching || legend.fetching }
}

/** Another day is about to be shown: the classes stay those of the day shown now, so that a colour keeps its meaning. */
export const keepClasses = (shown: string | null, back: string | null = shown) => ({ classesAsOf: currentView().classesAsOf ?? back })
