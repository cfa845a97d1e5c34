// The day of the figures: a slider over the data's span, month by month under play.
import { useEffect, useState } from 'react'
import { useClient } from 'urql'
import { FiguresDocument } from '../api/documents'
import { useRights } from '../access/rights'
import { useDay } from '../api/start'
import { keepPlace, useChanges } from '../map/boundaries'
import { keepClasses, useQuestion } from '../map/figures'
import { keepUnit, useKin } from '../map/kin'
import { changeView, useView, type View } from '../state'
import { useText } from '../text/text'
import { monthEnds, nextStep, number, text } from './step'
import { useSpan } from './span'
import { Trend } from './trend'
import './day.css'

/** `drawn`: the map has been drawn once, and what is not needed for that may be asked for. */
export function DayBar({ drawn }: { drawn: boolean }) {
  const { t, day: written } = useText()
  const [day, setDay] = useDay()
  const span = useSpan(drawn)
  const client = useClient()
  const question = useQuestion()
  const view = useView()
  const changes = useChanges()
  const chosen = useKin(view.unit)
  const exact = useRights()?.has('AGGREGATES') ?? true
  /** What else changes when the day moves, so that all that is named stays what it was. */
  const keep = (from: string, to: string): Partial<View> => {
    const place = keepPlace(view, changes, from, to, exact)
    const { boundariesAsOf } = { ...view, ...place }
    return { ...place, ...keepUnit(chosen, boundariesAsOf ?? to) }
  }
  const [playing, setPlaying] = useState(false)
  const [dragged, setDragged] = useState<string | null>(null)
  const next = playing && day && span && day < span.last ? nextStep(day, span.last) : null

  // Under play the next month is asked for while this one is looked at.
  const kept = JSON.stringify(day && next ? keep(day, next) : {})
  const key = JSON.stringify(question && next ? question(next, (JSON.parse(kept) as Partial<View>).boundariesAsOf) : null)
  useEffect(() => {
    if (!playing) return
    if (!next) {
      const timer = setTimeout(() => setPlaying(false))
      return () => clearTimeout(timer)
    }
    let over = false
    const wait = new Promise((resolve) => setTimeout(resolve, 700))
    const input = JSON.parse(key) as Parameters<NonNullable<typeof question>>[0] extends string ? ReturnType<NonNullable<typeof question>> : never
    void Promise.all([wait, client.query(FiguresDocument, { input }).toPromise()]).then(() => {
      if (!over) changeView({ asOf: next, ...(JSON.parse(kept) as object) }, 'replace')
    })
    return () => {
      over = true
    }
  }, [playing, next, key, kept, client])

  if (!day || !span) return <div className="day">{day && <span className="date">{written(day)}</span>}</div>
  // Everybody is told of month ends, and the slider goes by them.
  const ends = exact ? null : monthEnds(span.first, span.last)
  const at = (day: string) => (ends ? ends.findLastIndex((end) => end <= day) : number(day))
  const dayAt = (value: number) => ends?.[value] ?? text(value)
  const move = (to: string) => {
    changeView({ ...keepClasses(day), ...keep(day, to) }, 'replace')
    setDay(to)
  }
  const play = () => {
    if (playing) return setPlaying(false)
    const middle = dayAt(Math.round((at(span.first) + at(span.last)) / 2))
    const from = day >= span.last ? span.first : day
    changeView({ ...keepClasses(day, middle), ...keep(day, from), asOf: from }, 'replace')
    setPlaying(true)
  }
  const shown = dragged ?? day
  return (
    <div className="day">
      <button type="button" aria-pressed={playing} aria-label={playing ? t('day.stop') : t('day.play')} title={playing ? t('day.stop') : t('day.play')} onClick={play}>
        {playing ? '❚❚' : '▶'}
      </button>
      <div className="track">
        <Trend points={span.points} first={number(span.first)} last={number(span.last)} />
        <input
          type="range"
          aria-label={t('day.label')}
          aria-valuetext={written(shown)}
          min={at(span.first)}
          max={at(span.last)}
          value={at(shown)}
          onChange={(event) => {
            setPlaying(false)
            setDragged(dayAt(event.target.valueAsNumber))
          }}
          onPointerUp={() => {
            if (dragged) move(dragged)
            setDragged(null)
          }}
          onKeyUp={() => {
            if (dragged) move(dragged)
            setDragged(null)
          }}
          onBlur={() => {
            if (dragged) move(dragged)
            setDragged(null)
          }}
        />
        <span className="end">{written(span.first)}</span>
        <span className="end">{written(span.last)}</span>
      </div>
      <label className="date">
        <span className="hidden">{t('day.label')}</span>
        <b aria-hidden="true">{written(shown)}</b>
        <input
          type="date"
          onClick={(event) => event.currentTarget.showPicker()}
          value={shown}
          min={span.first}
          max={span.last}
          onChange={(event) => {
            if (event.target.value >= span.first && event.target.value <= span.last) move(event.target.value)
          }}
        />
      </label>
    </div>
  )
}
