// Where else to go on this server.
import { useSettings, useStart } from '../api/start'
import { useText } from '../text/text'

export function Menu() {
  const { t } = useText()
  const settings = useSettings()
  const { data } = useStart()
  return (
    <details className="menu">
      <summary aria-label={t('menu.open')}>
        ☰ <span>{t('menu.open')}</span>
      </summary>
      <nav aria-label={t('menu.open')}>
        <a href="/graphiql">{t('menu.questions')}</a>
        <a href="/readyz">{t('menu.ready')}</a>
        <a href="/metrics">{t('menu.metrics')}</a>
        <h2>{t('menu.files')}</h2>
        <ul>
          {settings?.files.map((file) => (
            <li key={file}>
              {file}{' '}
              {settings.formats.map((format) => (
                <a key={format} href={`/export/${file}.${format}`} download>
                  .{format}
                </a>
              ))}
            </li>
          ))}
        </ul>
        {data?.datasets.map((one) => (
          <p key={one.province}>{t('data.source', { source: one.source })}</p>
        ))}
        {settings?.version && <p>{t('menu.version', { version: settings.version })}</p>}
      </nav>
    </details>
  )
}
