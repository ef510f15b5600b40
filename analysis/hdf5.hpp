#pragma once
#include <hdf5.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/hdf5_driver.hpp"
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

/// A file. Object times are off; HDF5 1.8 and later can read it.
class File {
 public:
  /// A new one, in memory or wherever it is to be.
  static File create(std::unique_ptr<Medium> medium = std::make_unique<InMemory>());
  /// Opens and surveys it: of what is in it nothing has been read or believed yet.
  /// @param medium  whose digest has been checked: a damaged file can crash the library
  static File open(std::unique_ptr<Medium> medium);
  hid_t id() const { return handle_.id(); }
  /// What the survey found of a file that was opened.
  const Survey& surveyed() const { return surveyed_; }
  /// Throws what went wrong below the library, if anything did: the reason behind its failure.
  void rethrow_fault() const { backing_->rethrow_fault(); }
  /// Ends the writing, closes the file and hands back what it lies in. @throws also what went wrong below the library
  std::unique_ptr<Medium> finish();

 private:
  File(std::shared_ptr<Backing> backing, Handle handle) : backing_{std::move(backing)}, handle_{std::move(handle)} {}
  std::shared_ptr<Backing> backing_;
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
/// An array that is open to be read. @throws StoreError  when it is not there, or its type or shape is another
Handle open_array(hid_t parent, const std::string& name, Element element, std::span<const std::uint64_t> shape);
/// Reads row `row` of its first dimension.
void read_row(const Handle& array, Element element, std::uint64_t row, void* values);
/// Carries rows over from one array to another, packed as they are.
class RowCopier {
 public:
  /// Both arrays are create_array()'s, of more than one dimension, and differ in the first only; they outlive this.
  /// @param shape  of the array that is written
  RowCopier(const Handle& from, const Handle& to, std::vector<std::uint64_t> shape, Element element);
  void copy(std::uint64_t from_row, std::uint64_t to_row);

 private:
  const Handle &from_, &to_;
  std::vector<std::uint64_t> shape_;
  std::vector<hsize_t> chunk_, at_;
  std::vector<std::byte> room_;
};

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
