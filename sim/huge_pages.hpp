#pragma once
#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <new>
#include <vector>

namespace tl {

/// Memory for large tables that are read in no order: asks the system for 2 MiB pages, because with 4 KiB pages most
/// reads of a county's clients miss the processor's page table too. Small tables are as ever.
template <class T>
struct HugePages {
  using value_type = T;
  static constexpr std::size_t kPage = std::size_t{2} << 20;

  HugePages() = default;
  template <class U>
  explicit HugePages(const HugePages<U>&) {}

  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    if (bytes < 2 * kPage) return static_cast<T*>(::operator new (bytes, std::align_val_t{alignof(T)}));
    void* memory = std::aligned_alloc(kPage, (bytes + kPage - 1) / kPage * kPage);
    if (memory == nullptr) throw std::bad_alloc{};
    madvise(memory, bytes, MADV_HUGEPAGE);  // a wish: where it is not granted, nothing but speed is lost
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t count) {
    if (count * sizeof(T) < 2 * kPage)
      ::operator delete (memory, std::align_val_t{alignof(T)});
    else
      std::free(memory);
  }
  template <class U>
  friend bool operator==(const HugePages&, const HugePages<U>&) {
    return true;
  }
};

template <class T>
using HugeVector = std::vector<T, HugePages<T>>;

}  // namespace tl
