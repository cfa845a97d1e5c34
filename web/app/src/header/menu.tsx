// Where else to go on this server, and what is loaded.
import { everywhere, useMe } from '../access/rights'
import { useSettings } from '../api/settings'
import { useStart } from '../api/start'
import { changeLanguage, useText } from '../text/text'
import { FileLink } from '../access/file'
import { Popover } from './popover'

export function Menu() {
  const { t, language, day } = useText()
  const settings = useSettings()
  const { data } = useStart()
  const me = useMe()
  return (
    <Popover label={t('menu.open')} icon="menu-icon" name={t('menu.open')}>
      <nav aria-label={t('menu.open')}>
        <ul>
          <li className="narrow">
            <button type="button" className="link" lang={language === 'vi' ? 'en' : 'vi'} onClick={() => changeLanguage(language === 'vi' ? 'en' : 'vi')}>
              {t('app.language')}
            </button>
          </li>
          {settings?.graphiql && (
            <li>
              <a href="/graphiql">{t('menu.questions')}</a>
            </li>
          )}
          <li>
            <a href="/readyz">{t('menu.ready')}</a>
          </li>
          {everywhere(me, 'AUDIT') && (
            <li>
              <FileLink href="/metrics">{t('menu.metrics')}</FileLink>
            </li>
          )}
        </ul>
      </nav>
      <h2>{t('menu.loaded')}</h2>
      {data?.datasets.map((one) => (
        <p key={one.province} className="dim">
          <b>{data.adminUnits.nodes.find((unit) => unit.code === one.province)?.fullName ?? one.province}</b> · {t('menu.asOf', { day: day(one.asOf), snapshot: one.snapshot })}{' '}
          {one.synthetic && <span className="badge">{t('data.synthetic')}</span>}
          <br />
          {one.source} {one.licence && `(${one.licence})`}
        </p>
      ))}
      {settings?.version && <p className="dim">{t('menu.version', { version: settings.version })}</p>}
    </Popover>
  )
}
