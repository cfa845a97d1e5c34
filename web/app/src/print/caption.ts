// What has to stand beside a map that leaves the page: what it shows, of which day and boundaries, what its colours mean, whose data.
import { useDay, useStart } from '../api/start'
import { useFigures, type Figure } from '../map/figures'
import { marks, signs, statuses } from '../map/marks'
import { useMeasure } from '../map/measure'
import { usePlace } from '../map/place'
import { useView } from '../state'
import { useText } from '../text/text'

export type Caption = {
  measure: string
  place: string
  /** The day, the boundaries, what is left out: a line each. */
  lines: string[]
  /** The legend: without a colour it is the hatched class of no data. */
  classes: { text: string; colour: string | null; count: string }[]
  /** What the marks of points mean: a sign in its colour, or the dot of an address. */
  marks: { text: string; sign?: string; fill: string; rim?: string }[]
  counted: string
  sources: string[]
  synthetic: string | null
}

/** The caption of what is shown; null while it is not all known. */
export function useCaption(): Caption | null {
  const { t, number, day: written } = useText()
  const view = useView()
  const [day] = useDay()
  const place = usePlace()
  const { data } = useStart()
  const { classes, none, level } = useFigures()
  const { name, range } = useMeasure()
  if (!day || !place || !data || !classes || !level) return null
  const province = place.ancestors.at(-1)?.code ?? place.code
  const datasets = data.datasets.filter((one) => one.province === province)
  return {
    measure: name,
    place: place.fullName,
    lines: [
      t('print.day', { day: written(day) }),
      view.boundariesAsOf && view.boundariesAsOf !== day ? t('print.boundaries', { day: written(view.boundariesAsOf) }) : t('print.boundariesOfDay'),
      t('print.level', { level: t(`level.${level}`).toLocaleLowerCase() }),
      ...(view.classesAsOf && view.classesAsOf !== day ? [t('print.classes', { day: written(view.classesAsOf) })] : []),
      ...(view.remoteOnly ? [t('legend.remoteOnly')] : []),
    ],
    classes: [...classes.map((one, index) => ({ text: range(one, index, classes, view.classesAsOf !== null), colour: one.color, count: number(one.count) })), { text: t('data.none'), colour: null, count: number(none ?? 0) }],
    marks: view.layers.flatMap((layer): Caption['marks'] =>
      layer === 'addresses'
        ? statuses.map((status) => ({ text: t(`status.${status}`), fill: marks[status].fill, rim: marks[status].rim }))
        : [{ text: t(`layer.${layer}`), sign: signs[layer].sign, fill: signs[layer].colour }],
    ),
    counted: t('print.counted'),
    sources: datasets.map((one) => `${t('data.source', { source: one.source })}${one.licence ? ` ${t('print.licence', { licence: one.licence })}` : ''} ${t('print.snapshot', { snapshot: one.snapshot })}`),
    synthetic: datasets.some((one) => one.synthetic) ? t('print.synthetic') : null,
  }
}

export type Row = { code: string; cells: string[] }

/** The table beside the map, in words: names in their order, and the figures of each unit. */
export function useRows(): { head: string[]; rows: Row[] } {
  const { t, language, number, share } = useText()
  const { rows, classes, level } = useFigures()
  const { name, value, range, measure } = useMeasure()
  const view = useView()
  const count = (value: number | null) => (value === null ? t('data.none') : number(value))
  const collator = new Intl.Collator(language, { numeric: true })
  const bounds = (figure: Figure) => (figure.shareLow === null || figure.shareHigh === null ? t('data.none') : `${share(figure.shareLow)} – ${share(figure.shareHigh)}`)
  const gaps = measure !== 'GAP_HOUSEHOLDS'
  return {
    head: [t(`level.${level ?? 'COMMUNE'}`), name, t('column.class'), t('column.bounds'), ...(gaps ? [t('column.gapHouseholds')] : []), t('column.addresses'), t('column.teams'), t('column.members')],
    rows: [...(rows ?? [])]
      .sort((a, b) => collator.compare(a.fullName, b.fullName))
      .map((figure) => {
        const of = figure.class === null ? undefined : classes?.[figure.class]
        return {
          code: figure.code,
          cells: [
            figure.fullName,
            value(figure.value),
            of && classes && figure.class !== null ? range(of, figure.class, classes, view.classesAsOf !== null) : t('data.none'),
            bounds(figure),
            ...(gaps ? [count(figure.gapHouseholds)] : []),
            number(figure.addresses),
            number(figure.teams),
            number(figure.members),
          ],
        }
      }),
  }
}
