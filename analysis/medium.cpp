#include "analysis/medium.hpp"

#include <algorithm>

#include "analysis/store_error.hpp"
#include "scenarios/sha256.hpp"

namespace tl {
namespace {

constexpr std::uint64_t kShort = std::uint64_t{4} << 20;
constexpr std::uint64_t kPiece = std::uint64_t{1} << 20;  ///< of a long file, when its digest is computed

class ReadFromDisk : public Medium {
 public:
  ReadFromDisk(std::filesystem::path path, OpenFile open) : path_{std::move(path)}, open_{std::move(open)} {}
  std::uint64_t size() const override { return open_.bytes; }
  void read(std::uint64_t at, std::span<std::byte> into) override {
    const std::size_t got = read_at(open_.file.number(), path_, at, into);
    std::fill(into.begin() + static_cast<std::ptrdiff_t>(got), into.end(), std::byte{0});
  }
  void write(std::uint64_t, std::span<const std::byte>) override { refuse(); }
  void resize(std::uint64_t) override { refuse(); }

 private:
  [[noreturn]] void refuse() const { throw StoreError{"cannot write " + path_.string() + ": it is open to be read"}; }

  std::filesystem::path path_;
  OpenFile open_;
};

std::string digest_of(Medium& medium) {
  Sha256 sum;
  std::vector<std::byte> piece(static_cast<std::size_t>(std::min(kPiece, medium.size())));
  for (std::uint64_t at = 0; at < medium.size(); at += piece.size()) {
    const std::span<std::byte> now{piece.data(),
                                   static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), medium.size() - at))};
    medium.read(at, now);
    sum.add(now);
  }
  return sum.hex();
}

}  // namespace

void InMemory::read(std::uint64_t at, std::span<std::byte> into) {
  const std::size_t there = at < bytes_.size() ? std::min<std::size_t>(bytes_.size() - at, into.size()) : 0;
  std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(there > 0 ? at : 0), there, into.begin());
  std::fill(into.begin() + static_cast<std::ptrdiff_t>(there), into.end(), std::byte{0});
}

void InMemory::write(std::uint64_t at, std::span<const std::byte> from) {
  if (at + from.size() > bytes_.size()) bytes_.resize(at + from.size());
  std::copy(from.begin(), from.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(at));
}

void InTheMaking::read(std::uint64_t at, std::span<std::byte> into) {
  if (part_)
    part_->read_at(at, into);
  else
    memory_.read(at, into);
}

void InTheMaking::write(std::uint64_t at, std::span<const std::byte> from) {
  if (!part_ && at + from.size() <= kShort) return memory_.write(at, from);
  if (!part_) {
    part_.emplace(path_);
    part_->append(memory_.bytes());
    size_ = memory_.size();
    memory_.take();
  }
  part_->write_at(at, from);
  size_ = std::max(size_, at + from.size());
}

void InTheMaking::resize(std::uint64_t size) {
  if (!part_) return memory_.resize(size);
  part_->resize(size);
  size_ = size;
}

KnownFile InTheMaking::keep() {
  KnownFile known{size(), digest_of(*this)};
  if (!part_) {
    part_.emplace(path_);
    part_->append(memory_.bytes());
  }
  part_->keep();
  return known;
}

std::unique_ptr<Medium> open_known_file(const std::filesystem::path& path, const KnownFile& known) {
  if (known.bytes <= kShort) return std::make_unique<InMemory>(read_known_file(path, known));
  OpenFile open = open_to_read(path, kLargestFile);
  require_length(path, open.bytes, known);
  auto medium = std::make_unique<ReadFromDisk>(path, std::move(open));
  require_digest(path, digest_of(*medium), known);
  return medium;
}

}  // namespace tl
