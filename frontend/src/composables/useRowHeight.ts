import { onMounted, onScopeDispose, ref, watch, type Ref } from 'vue'
import { useTheme } from './useTheme'

/** The height of a row in pixels, as the style sheet has it for density and width. */
export function useRowHeight(): Readonly<Ref<number>> {
  const { density } = useTheme()
  const height = ref(read())
  const update = () => (height.value = read())
  watch(density, update, { flush: 'post' })
  onMounted(() => {
    window.addEventListener('resize', update)
  })
  onScopeDispose(() => {
    window.removeEventListener('resize', update)
  })
  return height
}

function read(): number {
  return parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--row')) || 54
}
