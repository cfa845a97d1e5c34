// What the colours mean, and what is drawn: the measure and its classes with how many units are in each, and the layers.
import { publishedMeasures, useRights } from '../access/rights'
import { useStart } from '../api/start'
import { changeView, layers, levels, measures, useView } from '../state'
import { useText } from '../text/text'
import { useChanges } from './boundaries'
import type { Class } from './figures'
import { Boundaries } from './boundaries_switch'
import { useMeasure } from './measure'
import { signs, statuses } from './marks'
import { Mark } from './points_table'

export function Legend({ classes, none, level }: { classes: Class[]; none: number; level: string | undefined }) {
  const { t, language } = useText()
  const view = useView()
  const { data } = useStart()
  const { measure, name, range } = useMeasure()
  const changes = useChanges()
  const rights = useRights()
  const exact = rights?.has('AGGREGATES') ?? false
  const services = data?.services.filter((one) => one.countedIn === 'HOUSEHOLD') ?? []
  const chosen = measure === 'SERVICE_SHARE' ? `SERVICE_SHARE:${view.service}` : measure
  const shownLayers = layers.filter((layer) => layer !== 'addresses' || rights?.has('PERSONS'))
  const choose = (text: string) => {
    const [measure, service] = text.split(':')
    changeView({ measure: measures.find((one) => one === measure), service: service ?? null, classesAsOf: null })
  }
  return (
    <details className="legend card" open={innerWidth > 640}>
      <summary>{t('legend.title')}</summary>
      <label className="row">
        <span className="hidden">{t('legend.measure')}</span>
        <select value={chosen} onChange={(event) => choose(event.target.value)}>
          {measures
            .filter((one) => one !== 'SERVICE_SHARE' && (exact || publishedMeasures.some((published) => published === one)))
            .map((one) => (
              <option key={one} value={one}>
                {t(`measure.${one}`)}
              </option>
            ))}
          {exact && (
            <optgroup label={t('measure.SERVICE_SHARE')}>
              {services.map((one) => (
                <option key={one.code} value={`SERVICE_SHARE:${one.code}`}>
                  {language === 'vi' ? one.nameVi : one.nameEn}
                </option>
              ))}
            </optgroup>
          )}
        </select>
      </label>
      <ul aria-label={name}>
        {classes.map((one, index) => (
          <li key={index}>
            <i className="swatch" style={{ background: one.color }} />
            <span>{range(one, index, classes, view.classesAsOf !== null)}</span>
            <b>{one.count}</b>
          </li>
        ))}
        <li>
          <i className="swatch none" />
          <span>{t('data.none')}</span>
          <b>{none}</b>
        </li>
      </ul>
      {view.classesAsOf && (
        <button type="button" className="quiet" onClick={() => changeView({ classesAsOf: null }, 'replace')}>
          {t('legend.renew')}
        </button>
      )}
      <label className="row">
        {t('legend.level')}
        <select value={level} onChange={(event) => changeView({ level: levels.find((one) => one === event.target.value), classesAsOf: null })}>
          {levels.map((one) => (
            <option key={one} value={one}>
              {t(`level.${one}`)}
            </option>
          ))}
        </select>
      </label>
      {exact && (
        <label className="row">
          <input type="checkbox" checked={view.remoteOnly} onChange={(event) => changeView({ remoteOnly: event.target.checked })} />
          {t('legend.remoteOnly')}
        </label>
      )}
      {shownLayers.map((layer) => (
        <label key={layer} className="row">
          <input
            type="checkbox"
            checked={view.layers.includes(layer)}
            onChange={(event) => changeView({ layers: layers.filter((one) => (one === layer ? event.target.checked : view.layers.includes(one))) })}
          />
          {layer !== 'addresses' && (
            <i className="sign" aria-hidden="true" style={{ color: signs[layer].colour }}>
              {signs[layer].sign}
            </i>
          )}
          {t(`layer.${layer}`)}
        </label>
      ))}
      {view.layers.includes('addresses') && (
        <ul className="statuses" aria-label={t('layer.addresses')}>
          {statuses.map((status) => (
            <li key={status}>
              <Mark status={status} />
            </li>
          ))}
        </ul>
      )}
      {rights && !exact && <p className="note">{t('access.published')}</p>}
      {exact && changes && changes.length > 0 && <Boundaries changes={changes} />}
    </details>
  )
}
