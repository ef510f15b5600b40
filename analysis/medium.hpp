#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "analysis/known_file.hpp"
#include "analysis/publish.hpp"

namespace tl {

/// What a file of the HDF5 library lies in: bytes with addresses. For one thread at a time.
class Medium {
 public:
  virtual ~Medium() = default;
  virtual std::uint64_t size() const = 0;
  /// What lies past the end reads as 0.
  virtual void read(std::uint64_t at, std::span<std::byte> into) = 0;
  virtual void write(std::uint64_t at, std::span<const std::byte> from) = 0;
  virtual void resize(std::uint64_t size) = 0;
};

class InMemory : public Medium {
 public:
  explicit InMemory(std::vector<std::byte> bytes = {}) : bytes_{std::move(bytes)} {}
  std::uint64_t size() const override { return bytes_.size(); }
  void read(std::uint64_t at, std::span<std::byte> into) override;
  void write(std::uint64_t at, std::span<const std::byte> from) override;
  void resize(std::uint64_t size) override { bytes_.resize(size); }
  const std::vector<std::byte>& bytes() const { return bytes_; }
  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

/// A file to be published. While it is short it is in memory and touches no disk; from then on it is written as it
/// comes, into its part file, so that memory does not grow with it.
class InTheMaking : public Medium {
 public:
  explicit InTheMaking(std::filesystem::path path) : path_{std::move(path)} {}
  std::uint64_t size() const override { return part_ ? size_ : memory_.size(); }
  void read(std::uint64_t at, std::span<std::byte> into) override;
  void write(std::uint64_t at, std::span<const std::byte> from) override;
  void resize(std::uint64_t size) override;
  /// Publishes it, see publish(). Nothing can be done with it afterwards.
  KnownFile keep();

 private:
  std::filesystem::path path_;
  InMemory memory_;
  std::optional<PartFile> part_;  ///< once it is no longer short
  std::uint64_t size_ = 0;        ///< of what is in it
};

/// A file that a manifest knows, to be read, after its number of bytes and digest were checked: short ones are taken
/// into memory.
/// @throws StoreError  naming the path and what does not agree
std::unique_ptr<Medium> open_known_file(const std::filesystem::path& path, const KnownFile& known);

}  // namespace tl
