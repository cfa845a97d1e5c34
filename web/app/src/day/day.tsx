// The day of the figures: a slider over the data's span, month by month under play.
import { useEffect, useState } from 'react'
import { useClient, useQuery } from 'urql'
import { FiguresDocument, SpanDocument } from '../api/documents'
import { useDay, useNewest } from '../api/start'
import { keepPlace, useChanges } from '../map/boundaries'
import { keepClasses, useQuestion } from '../map/figures'
import { changeView, useView } from '../state'
import { useText } from '../text/text'
import { nextStep, number, text } from './step'
import { Trend } from './trend'
import './day.css'

/** The quarters that the province's data go back, from the first with a register. */
function useSpan() {
  const newest = useNewest()
  const last = newest?.asOf
  const [{ data: trend }] = useQuery({
    query: SpanDocument,
    variables: { unit: { level: 'PROVINCE', code: newest?.province ?? '' }, from: last ? `${Number(last.slice(0, 4)) - 6}-01-01` : '', to: last ?? '' },
    pause: !last,
  })
  const points = trend?.coverageTrend ?? []
  const first = points.findIndex((one) => one.basis !== 'NONE')
  return last ? { first: points[Math.max(0, first)]?.asOf ?? last, last, points: first < 0 ? [] : points.slice(first) } : null
}

export function DayBar() {
  const { t, day: written } = useText()
  const [day, setDay] = useDay()
  const span = useSpan()
  const client = useClient()
  const question = useQuestion()
  const view = useView()
  const changes = useChanges()
  const [playing, setPlaying] = useState(false)
  const [dragged, setDragged] = useState<string | null>(null)
  const next = playing && day && span && day < span.last ? nextStep(day, span.last) : null

  // Under play the next month is asked for while this one is looked at.
  const kept = JSON.stringify(day && next ? keepPlace(view, changes, day, next) : {})
  const key = JSON.stringify(question && next ? { ...question(next), ...(JSON.parse(kept) as object) } : null)
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

  if (!day || !span) return <div className="day" />
  const move = (to: string) => {
    changeView({ ...keepClasses(day), ...keepPlace(view, changes, day, to) }, 'replace')
    setDay(to)
  }
  const play = () => {
    if (playing) return setPlaying(false)
    const middle = text(Math.round((number(span.first) + number(span.last)) / 2))
    const from = day >= span.last ? span.first : day
    changeView({ ...keepClasses(day, middle), ...keepPlace(view, changes, day, from), asOf: from }, 'replace')
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
          min={number(span.first)}
          max={number(span.last)}
          value={number(shown)}
          onChange={(event) => {
            setPlaying(false)
            setDragged(text(event.target.valueAsNumber))
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
