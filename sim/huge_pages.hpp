#pragma once
#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>

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

/// A growing table of plain records. When it moves to larger memory, each piece of the old is given back as soon as it
/// is copied, so that a large table never lies in memory twice; memory that no record has reached costs nothing.
template <class T>
class HugeTable {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  HugeTable() = default;
  ~HugeTable() {
    if (records_ != nullptr) HugePages<T>{}.deallocate(records_, capacity_);
  }
  HugeTable(const HugeTable&) = delete;
  HugeTable& operator=(const HugeTable&) = delete;

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T& operator[](std::size_t index) { return records_[index]; }
  const T& operator[](std::size_t index) const { return records_[index]; }
  T* begin() { return records_; }
  T* end() { return records_ + size_; }
  const T* begin() const { return records_; }
  const T* end() const { return records_ + size_; }

  void clear() { size_ = 0; }
  /// So many new records, whatever was there.
  void renew(std::size_t count) {
    clear();
    resize(count);
  }
  void emplace_back() { resize(size_ + 1); }
  void resize(std::size_t count) {
    if (count > capacity_) reserve(std::max(count, 2 * capacity_));
    if (count > size_) std::uninitialized_value_construct_n(records_ + size_, count - size_);
    size_ = count;
  }
  void reserve(std::size_t count) {
    if (count <= capacity_) return;
    T* const larger = HugePages<T>{}.allocate(count);
    if (records_ != nullptr) {
      move_to(larger);
      HugePages<T>{}.deallocate(records_, capacity_);
    }
    records_ = larger;
    capacity_ = count;
  }

 private:
  void move_to(T* larger) {
    constexpr std::size_t kPiece = HugePages<T>::kPage;
    auto* from = reinterpret_cast<unsigned char*>(records_);
    auto* to = reinterpret_cast<unsigned char*>(larger);
    const bool in_pages = capacity_ * sizeof(T) >= 2 * kPiece;
    for (std::size_t left = size_ * sizeof(T); left > 0;) {
      const std::size_t bytes = std::min(left, kPiece);
      std::memcpy(to, from, bytes);
      if (in_pages && bytes == kPiece) madvise(from, kPiece, MADV_DONTNEED);
      from += bytes;
      to += bytes;
      left -= bytes;
    }
  }

  T* records_ = nullptr;
  std::size_t size_ = 0, capacity_ = 0;
};

}  // namespace tl
