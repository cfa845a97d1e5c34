// How far the data go back.
import { useQuery } from 'urql'
import { SpanDocument } from '../api/documents'
import { inProvince, useMe, useRights } from '../access/rights'
import { useNewest } from '../api/start'

/**
 * The quarters that the province's data go back, from the first with a register. First their years are asked for, which cost
 * little, then the quarters of those years that have data; nothing before the map has been drawn. Where it can't be told, the last
 * six years can be moved through all the same.
 */
export function useSpan(drawn: boolean) {
  const newest = useNewest()
  const rights = useRights()
  const me = useMe()
  const exact = rights?.has('AGGREGATES') ?? false
  const last = (exact ? newest?.asOf : (newest?.publishedTo ?? newest?.asOf)) ?? ''
  const unit = { level: 'PROVINCE' as const, code: newest?.province ?? '' }
  const [{ data: byYears, error: noYears }] = useQuery({ query: SpanDocument, variables: { unit, from: back(last, 6), to: last, step: 'YEAR' }, pause: !drawn || !last || !rights })
  const years = byYears?.coverageTrend
  const begun = years && firstKnown(years, last)
  const [{ data: byQuarters, error: noQuarters }] = useQuery({ query: SpanDocument, variables: { unit, from: begun ? back(begun, 1) : '', to: last, step: 'QUARTER' }, pause: !begun })
  const points = byQuarters?.coverageTrend // never the years', whose first point may lie after the first day
  if (!points && (noYears || noQuarters)) return { first: back(begun ?? last, begun ? 1 : 6), last, points: [] }
  if (!points) return null
  const first = (inProvince(me, 'AGGREGATES', newest?.province) ? null : newest?.publishedFrom) ?? firstKnown(points, last)
  return { first, last, points: points.filter((one) => one.asOf >= first) }
}

/** New Year's Day, so many years before that of a day's year. */
const back = (day: string, years: number) => day && `${Number(day.slice(0, 4)) - years}-01-01`

/** The day of the first point with data; where none has any, the last day. */
export const firstKnown = (points: { asOf: string; basis: string }[], last: string) => points.find((one) => one.basis !== 'NONE')?.asOf ?? last
