// How the values of a measure are written.
import type { TFunction } from 'i18next'
import { useMemo } from 'react'
import { useStart } from '../api/start'
import { useView } from '../state'
import { useText } from '../text/text'
import type { Class } from './figures'

/** Writes values, classes and the name of the measure shown. The same functions until the measure or the language changes. */
export function useMeasure() {
  const { t, language, number, share } = useText()
  const view = useView()
  const { data } = useStart()
  const measure = view.measure === 'SERVICE_SHARE' && !view.service ? 'SHARE' : view.measure
  const service = data?.services.find((one) => one.code === view.service)
  return useMemo(() => {
    const value = (value: number | null): string => {
      if (value === null) return t('data.none')
      if (measure === 'SHARE' || measure === 'SERVICE_SHARE') return share(value)
      return number(value, measure === 'REMOTENESS' ? 2 : measure === 'HOUSEHOLDS_PER_MEMBER' ? 1 : 0)
    }
    const called = t(`measure.${measure}`)
    const name = measure === 'SERVICE_SHARE' && service ? `${called}: ${language === 'vi' ? service.nameVi : service.nameEn}` : called
    return { measure, name, value, range: (one: Class, index: number, all: Class[], open: boolean) => range(t, value, one, index, all, open) }
  }, [t, language, number, share, measure, service])
}

/** A class in words. With classes of another day the first and the last one are open: see classOf. */
function range(t: TFunction, value: (value: number) => string, one: Class, index: number, all: Class[], open: boolean) {
  if (open && all.length > 1 && index === 0) return t('legend.under', { upper: value(one.upper) })
  if (open && all.length > 1 && index === all.length - 1) return t('legend.from', { lower: value(one.lower) })
  return `${value(one.lower)} – ${value(one.upper)}`
}
