// What is shown, to take away: as tables, as a picture, on paper.
import { useState } from 'react'
import { FileLink } from '../access/file'
import { AskPurpose } from '../access/purpose'
import { useRights } from '../access/rights'
import { usePurposeMissing } from '../access/session'
import { useSettings } from '../api/settings'
import { useDay } from '../api/start'
import { useFigures } from '../map/figures'
import { useMeasure } from '../map/measure'
import { usePlace } from '../map/place'
import { useShownMap } from '../print/shown'
import { useWithin } from '../map/within'
import { download, savePicture } from '../print/picture'
import { useCaption } from '../print/caption'
import { levelBelow, useView } from '../state'
import { useText } from '../text/text'
import { exportLink, fileName, files, formats, type File, type Shown } from './export_link'
import { Popover } from './popover'
import './export.css'

export function Export() {
  const { t, language, day: written } = useText()
  const view = useView()
  const [day] = useDay()
  const within = useWithin()
  const place = usePlace()
  const { measure } = useMeasure()
  const { level } = useFigures()
  const caption = useCaption()
  const map = useShownMap()
  const rights = useRights()
  const settings = useSettings()
  const may = (file: File) => {
    const right = settings?.needs[file]
    return right !== undefined && (rights?.has(right) ?? false)
  }
  const own = files.filter(may)
  const unsaid = usePurposeMissing()
  const persons = rights?.has('PERSONS') ?? false
  const waits = (file: File) => unsaid && (settings?.needs[file] === 'PERSONS' || ((file === 'quality' || file === 'gap-areas') && persons))
  const [failed, setFailed] = useState(false)
  const shown: Shown | null = day && within ? { day, within, level: level ?? view.level ?? levelBelow(within.level), measure, lang: language, view } : null
  const name = (file: File, { level }: Shown) => t(`export.${file}`, { level: t(`level.${level}`).toLocaleLowerCase(language) })
  const picture = () => {
    setFailed(false)
    if (!map || !caption || !place || !day) return
    savePicture(map, caption).then(
      (blob) => download(blob, `${fileName('vunglom', caption.measure, place.fullName, day)}.png`),
      () => setFailed(true),
    )
  }
  return (
    <Popover label={t('export.label')} icon="save-icon" name={t('export.button')}>
      <h2>{t('export.title')}</h2>
      {shown && <p className="dim">{t('export.of', { place: place?.fullName ?? within?.code, day: written(shown.day) })}</p>}
      {shown && own.length > 0 && (
        <table>
          <tbody>
            {own.filter((file) => !waits(file)).map((file) => (
              <tr key={file}>
                <th scope="row">{name(file, shown)}</th>
                {formats.map((format) => (
                  <td key={format}>
                    <FileLink href={exportLink(file, format, shown, persons ? null : (settings?.kindsWithoutPersons ?? []))} download label={`${name(file, shown)}: ${t(`format.${format}`)}`}>
                      {t(`format.${format}`)}
                    </FileLink>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {shown && own.some(waits) && (
        <>
          <p>{t('export.persons', { files: own.filter(waits).map((file) => name(file, shown)).join(' · ') })}</p>
          <AskPurpose />
        </>
      )}
      {rights && settings && own.length < files.length && <p className="note">{t('access.files')}</p>}
      <p className="row">
        <button type="button" disabled={!map || !caption || view.table} onClick={picture}>
          {t('export.picture')}
        </button>
        <button type="button" onClick={() => window.print()}>
          {t('export.print')}
        </button>
      </p>
      {failed && <p role="alert">{t('export.pictureFailed')}</p>}
    </Popover>
  )
}
