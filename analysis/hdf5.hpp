#pragma once
#include <hdf5.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/hdf5_survey.hpp"

// A thin layer over the HDF5 C API: files live in memory, every return value is checked, the same content gives the
// same bytes. HDF5 is one lock at best, so callers keep to one thread at a time.
namespace tl::h5 {

/// Owns an HDF5 id.
class Handle {
 public:
  using Closer = herr_t (*)(hid_t);
  Handle() = default;
  /// @throws StoreError  when the id says that `doing` failed
  Handle(hid_t id, Closer closer, std::string_view doing);
  Handle(Handle&& other) noexcept : id_{std::exchange(other.id_, -1)}, closer_{other.closer_} {}
  Handle& operator=(Handle&& other) noexcept;
  ~Handle();
  hid_t id() const { return id_; }
  /// Closes now and says whether it worked; the destructor cannot.
  void close(std::string_view doing);

 private:
  hid_t id_ = -1;
  Closer closer_ = nullptr;
};

/// What a dataset means, kept beside it: `units`, `long_name`, and the names of its dimensions (DIMENSION_LABELS).
struct Words {
  std::string_view unit, meaning;
  std::span<const std::string_view> dimensions;
};

/// A file in memory. Object times are off; HDF5 1.8 and later can read it.
class File {
 public:
  static File create();
  /// Opens and surveys it: of what is in it nothing has been read or believed yet.
  /// @param bytes  whose digest has been checked: a damaged file can crash the library
  static File open(std::span<const std::byte> bytes);
  hid_t id() const { return handle_.id(); }
  /// Bytes of memory that all its arrays need together, of a file that was opened.
  std::uint64_t declared_bytes() const { return surveyed_.declared_bytes; }
  /// Flushes, copies the finished file out and closes it.
  std::vector<std::byte> image();

 private:
  explicit File(Handle handle) : handle_{std::move(handle)} {}
  Handle handle_;
  Survey surveyed_;
};

Handle create_group(hid_t parent, const std::string& name);
Handle open_group(hid_t parent, const std::string& name);
bool has_group(hid_t parent, const std::string& name);

/// The element types in use.
enum class Element { f64, u32, u64 };

/// A new dataset: chunked, shuffled, deflated at level 1 and checked by Fletcher-32, unless it is empty.
Handle create_array(hid_t parent, const std::string& name, Element element, std::span<const std::uint64_t> shape,
                    const Words& words);
/// Writes rows [first, first + rows) of the first dimension. `values` has exactly their elements.
void write_rows(const Handle& array, Element element, std::uint64_t first, std::uint64_t rows, const void* values);
/// Reads the same. @throws StoreError  also when the stored shape is not `shape`
void read_rows(hid_t parent, const std::string& name, Element element, std::span<const std::uint64_t> shape,
               std::uint64_t first, std::uint64_t rows, void* values);

/// Whole arrays of one dimension.
void write_list(hid_t parent, const std::string& name, std::span<const double> values, const Words& words);
void write_list(hid_t parent, const std::string& name, std::span<const std::uint32_t> values, const Words& words);
std::vector<double> read_doubles(hid_t parent, const std::string& name);
std::vector<std::uint32_t> read_whole_numbers(hid_t parent, const std::string& name);
/// Texts as fixed-length UTF-8, padded with zeros: one dimension, or (write_text) a single value.
void write_texts(hid_t parent, const std::string& name, const std::vector<std::string>& texts, const Words& words);
std::vector<std::string> read_texts(hid_t parent, const std::string& name);
void write_text(hid_t parent, const std::string& name, const std::string& text, const Words& words);
std::string read_text(hid_t parent, const std::string& name);

void write_attribute(hid_t object, const std::string& name, std::string_view text);
void write_attribute(hid_t object, const std::string& name, std::uint64_t value);
std::string read_text_attribute(hid_t object, const std::string& name);
std::uint64_t read_number_attribute(hid_t object, const std::string& name);

}  // namespace tl::h5
