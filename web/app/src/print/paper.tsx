// What is printed: made when a person prints, and gone afterwards.
import { useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { useView } from '../state'
import { useText } from '../text/text'
import { useCaption, useRows } from './caption'
import { readMap } from './picture'
import { useShownMap } from './shown'
import './paper.css'

export function Paper() {
  const map = useShownMap()
  const { table } = useView()
  const [printed, setPrinted] = useState<{ picture: HTMLCanvasElement | null } | null>(null)
  useEffect(() => {
    // The browser prints what stands there when this returns.
    const before = () => flushSync(() => setPrinted({ picture: map && !table ? readMap(map) : null }))
    const after = () => setPrinted(null)
    addEventListener('beforeprint', before)
    addEventListener('afterprint', after)
    return () => {
      removeEventListener('beforeprint', before)
      removeEventListener('afterprint', after)
    }
  }, [map, table])
  return printed && <Sheet picture={printed.picture} />
}

function Sheet({ picture }: { picture: HTMLCanvasElement | null }) {
  const { t } = useText()
  const caption = useCaption()
  const { head, rows } = useRows()
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (picture) place.current?.replaceChildren(picture)
  }, [picture])
  if (!caption) return null
  return (
    <article className="paper">
      <h1>
        {caption.measure} — {caption.place}
      </h1>
      <p>{caption.lines.join(' · ')}</p>
      {caption.synthetic && <p className="notice">{caption.synthetic}</p>}
      <figure>
        <div className="picture" ref={place} hidden={!picture} />
        <figcaption>
          <h2>
            {caption.measure} <small>{caption.counted}</small>
          </h2>
          <ul>
            {caption.classes.map((one) => (
              <li key={one.text}>
                <i className={one.colour ? 'swatch' : 'swatch none'} style={one.colour ? { background: one.colour } : undefined} />
                <span>{one.text}</span>
                <b>{one.count}</b>
              </li>
            ))}
          </ul>
          {picture && caption.marks.length > 0 && (
            <ul>
              {caption.marks.map((one) => (
                <li key={one.text}>
                  {one.sign ? (
                    <i className="sign" aria-hidden="true" style={{ color: one.fill }}>
                      {one.sign}
                    </i>
                  ) : (
                    <i className="dot" style={{ background: one.fill, borderColor: one.rim }} />
                  )}
                  <span>{one.text}</span>
                </li>
              ))}
            </ul>
          )}
        </figcaption>
      </figure>
      {caption.sources.map((source) => (
        <p key={source} className="source">
          {source}
        </p>
      ))}
      <table>
        <caption>{t('map.table')}</caption>
        <thead>
          <tr>
            {head.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ code, cells: [first, ...rest] }) => (
            <tr key={code}>
              <th scope="row">{first}</th>
              {rest.map((cell, index) => (
                <td key={index}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </article>
  )
}
