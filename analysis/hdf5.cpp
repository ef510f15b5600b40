#include "analysis/hdf5.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <memory>
#include <mutex>

#include "analysis/store_error.hpp"
#include "sim/expects.hpp"

namespace tl::h5 {
namespace {

[[noreturn]] void fail(std::string_view doing) {
  throw StoreError{"HDF5 could not " + std::string{doing}};
}
void must(herr_t result, std::string_view doing) {
  if (result < 0) fail(doing);
}

/// Once, before any other call: the library's own work at exit can crash after a failed write, its messages belong to
/// nobody, and filters come from no plugin.
void start_library() {
  static std::once_flag once;
  std::call_once(once, [] {
    must(H5dont_atexit(), "start");
    must(H5open(), "start");
    must(H5PLset_loading_state(0), "switch plugins off");
    if (H5Zfilter_avail(H5Z_FILTER_DEFLATE) <= 0) fail("find its deflate filter: the library was built without zlib");
  });
  must(H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr), "start");  // each thread has a setting of its own
}

/// The library does not live through a failed allocation of its own everywhere. So the room that it will use is looked
/// for first, and given back at once.
void find_room(std::uint64_t bytes) {
  constexpr std::uint64_t kCaches = std::uint64_t{24} << 20;
  const auto room = std::make_unique_for_overwrite<std::byte[]>(bytes + kCaches);
  const_cast<volatile std::byte&>(room[0]) = std::byte{0};  // else the compiler may leave it all out
}

/// The library takes two open files of one name for the same file.
std::string new_name() {
  static std::atomic<std::uint64_t> count{0};
  return "file " + std::to_string(++count);
}

Handle access_to(const std::shared_ptr<Backing>& backing) {
  start_library();
  Handle access{H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "prepare a file"};
  must(set_backing(access.id(), backing), "prepare a file");
  // The earliest forms that hold the content: read by 1.8 and all later.
  must(H5Pset_libver_bounds(access.id(), H5F_LIBVER_EARLIEST, H5F_LIBVER_V110), "fix the file's format");
  return access;
}

hid_t stored(Element element) {
  return element == Element::f64 ? H5T_IEEE_F64LE : element == Element::u32 ? H5T_STD_U32LE : H5T_STD_U64LE;
}
hid_t native(Element element) {
  return element == Element::f64 ? H5T_NATIVE_DOUBLE : element == Element::u32 ? H5T_NATIVE_UINT32 : H5T_NATIVE_UINT64;
}
std::uint64_t size_of(Element element) {
  return element == Element::u32 ? 4 : 8;
}

Handle space_of(std::span<const std::uint64_t> shape) {
  const std::vector<hsize_t> extents(shape.begin(), shape.end());
  return {H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr), H5Sclose, "describe an array"};
}

/// One row of the first dimension, or less: the longest dimension is halved until the chunk is at most a mebibyte.
std::vector<hsize_t> chunk_of(std::span<const std::uint64_t> shape, std::uint64_t element_bytes) {
  std::vector<hsize_t> chunk(shape.begin(), shape.end());
  if (chunk.size() > 1) chunk[0] = 1;
  const auto bytes = [&] {
    hsize_t product = element_bytes;
    for (const hsize_t extent : chunk) product *= extent;
    return product;
  };
  while (bytes() > (hsize_t{1} << 20)) {
    const auto longest = std::max_element(chunk.begin(), chunk.end());
    if (*longest <= 1) break;
    *longest = (*longest + 1) / 2;
  }
  return chunk;
}

Handle creation_of(std::span<const std::uint64_t> shape, std::uint64_t element_bytes) {
  Handle creation{H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "prepare an array"};
  must(H5Pset_obj_track_times(creation.id(), false), "prepare an array");
  must(H5Pset_fill_time(creation.id(), H5D_FILL_TIME_ALLOC), "prepare an array");
  if (shape.empty() || std::find(shape.begin(), shape.end(), std::uint64_t{0}) != shape.end()) return creation;
  const std::vector<hsize_t> chunk = chunk_of(shape, element_bytes);
  must(H5Pset_chunk(creation.id(), static_cast<int>(chunk.size()), chunk.data()), "prepare an array");
  // Mandatory, as the library leaves out an optional filter that finds no memory: the same numbers in other bytes.
  constexpr unsigned kFastest = 1;
  must(H5Pset_filter(creation.id(), H5Z_FILTER_SHUFFLE, H5Z_FLAG_MANDATORY, 0, nullptr), "prepare an array");
  must(H5Pset_filter(creation.id(), H5Z_FILTER_DEFLATE, H5Z_FLAG_MANDATORY, 1, &kFastest), "prepare an array");
  must(H5Pset_fletcher32(creation.id()), "prepare an array");
  return creation;
}

/// Rows are written whole, one after the other: each goes to the file at once, so that their order in it is that of the
/// writing and no memory is held for them.
Handle access_of(std::span<const std::uint64_t> shape) {
  Handle access{H5Pcreate(H5P_DATASET_ACCESS), H5Pclose, "prepare an array"};
  if (shape.size() > 1) must(H5Pset_chunk_cache(access.id(), 0, 0, H5D_CHUNK_CACHE_W0_DEFAULT), "prepare an array");
  return access;
}

Handle fixed_text(std::size_t length) {
  Handle type{H5Tcopy(H5T_C_S1), H5Tclose, "describe a text"};
  must(H5Tset_size(type.id(), std::max<std::size_t>(length, 1)), "describe a text");
  must(H5Tset_strpad(type.id(), H5T_STR_NULLPAD), "describe a text");
  must(H5Tset_cset(type.id(), H5T_CSET_UTF8), "describe a text");
  return type;
}
Handle variable_text() {
  Handle type{H5Tcopy(H5T_C_S1), H5Tclose, "describe a text"};
  must(H5Tset_size(type.id(), H5T_VARIABLE), "describe a text");
  must(H5Tset_cset(type.id(), H5T_CSET_UTF8), "describe a text");
  return type;
}

void write_words(hid_t array, const Words& words) {
  write_attribute(array, "units", words.unit);
  write_attribute(array, "long_name", words.meaning);
  if (words.dimensions.empty()) return;
  // The name and form H5DSset_label uses, so that h5py shows them as dims[i].label.
  const std::vector<std::string> kept(words.dimensions.begin(), words.dimensions.end());
  std::vector<const char*> pointers;
  for (const std::string& word : kept) pointers.push_back(word.c_str());
  const Handle type = variable_text();
  const std::uint64_t count = kept.size();
  const Handle space = space_of({&count, 1});
  Handle attribute{H5Acreate2(array, "DIMENSION_LABELS", type.id(), space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
                   "name dimensions"};
  must(H5Awrite(attribute.id(), type.id(), pointers.data()), "name dimensions");
  attribute.close("name dimensions");
}

Handle create_dataset(hid_t parent, const std::string& name, hid_t type, std::span<const std::uint64_t> shape,
                      std::uint64_t element_bytes, const Words& words) {
  const Handle space = shape.empty() ? Handle{H5Screate(H5S_SCALAR), H5Sclose, "describe a value"} : space_of(shape);
  const Handle creation = creation_of(shape, element_bytes);
  const Handle access = access_of(shape);
  Handle array{H5Dcreate2(parent, name.c_str(), type, space.id(), H5P_DEFAULT, creation.id(), access.id()), H5Dclose,
               "create the array " + name};
  write_words(array.id(), words);
  return array;
}

Handle open_array(hid_t parent, const std::string& name) {
  return {H5Dopen2(parent, name.c_str(), H5P_DEFAULT), H5Dclose, "find the array " + name};
}

std::vector<std::uint64_t> shape_of(const Handle& array, const std::string& name) {
  const Handle space{H5Dget_space(array.id()), H5Sclose, "read the shape of " + name};
  const int rank = H5Sget_simple_extent_ndims(space.id());
  must(rank, "read the shape of " + name);
  std::vector<hsize_t> extents(static_cast<std::size_t>(rank));
  must(H5Sget_simple_extent_dims(space.id(), extents.data(), nullptr), "read the shape of " + name);
  return {extents.begin(), extents.end()};
}

void require_element(const Handle& array, Element element, const std::string& name) {
  const Handle type{H5Dget_type(array.id()), H5Tclose, "read the type of " + name};
  if (H5Tequal(type.id(), stored(element)) <= 0) fail("read " + name + ": its numbers are of another type");
}

std::pair<Handle, Handle> row_spaces(const Handle& array, std::uint64_t first, std::uint64_t rows) {
  Handle file{H5Dget_space(array.id()), H5Sclose, "choose rows"};
  const int rank = H5Sget_simple_extent_ndims(file.id());
  must(rank, "choose rows");
  std::vector<hsize_t> start(static_cast<std::size_t>(rank), 0), count(static_cast<std::size_t>(rank), 0);
  must(H5Sget_simple_extent_dims(file.id(), count.data(), nullptr), "choose rows");
  TL_EXPECTS(rank > 0 && first + rows <= count[0]);
  start[0] = first;
  count[0] = rows;
  must(H5Sselect_hyperslab(file.id(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr), "choose rows");
  Handle memory = space_of(std::vector<std::uint64_t>(count.begin(), count.end()));
  return {std::move(memory), std::move(file)};
}

std::vector<hsize_t> packed_chunk_of(const Handle& array) {
  const Handle creation{H5Dget_create_plist(array.id()), H5Pclose, "read the layout of an array"};
  if (H5Pget_layout(creation.id()) != H5D_CHUNKED) return {};
  std::vector<hsize_t> chunk(H5S_MAX_RANK);
  const int rank = H5Pget_chunk(creation.id(), H5S_MAX_RANK, chunk.data());
  must(rank, "read the layout of an array");
  chunk.resize(static_cast<std::size_t>(rank));
  return chunk;
}

/// A single value of that kind: more of them would be written past the room for one.
Handle open_attribute(hid_t object, const std::string& name, H5T_class_t kind) {
  Handle attribute{H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose, "find the attribute " + name};
  const Handle type{H5Aget_type(attribute.id()), H5Tclose, "read the attribute " + name};
  const Handle space{H5Aget_space(attribute.id()), H5Sclose, "read the attribute " + name};
  if (H5Tget_class(type.id()) != kind || H5Sget_simple_extent_npoints(space.id()) != 1)
    fail("read the attribute " + name + ": it is of another kind");
  return attribute;
}

std::vector<std::uint64_t> list_shape(hid_t parent, const std::string& name, Element element) {
  const Handle array = open_array(parent, name);
  require_element(array, element, name);
  std::vector<std::uint64_t> shape = shape_of(array, name);
  if (shape.size() != 1 || shape[0] > (std::uint64_t{1} << 28)) fail("read " + name + ": it is not a list");
  return shape;
}

}  // namespace

Handle::Handle(hid_t id, Closer closer, std::string_view doing) : id_{id}, closer_{closer} {
  if (id < 0) fail(doing);
}
Handle& Handle::operator=(Handle&& other) noexcept {
  std::swap(id_, other.id_);
  std::swap(closer_, other.closer_);
  return *this;
}
Handle::~Handle() {
  if (id_ >= 0) closer_(id_);
}
void Handle::close(std::string_view doing) {
  const hid_t id = std::exchange(id_, -1);
  if (id >= 0) must(closer_(id), doing);
}

File File::create(std::unique_ptr<Medium> medium) {
  find_room(0);
  auto backing = std::make_shared<Backing>(Backing{std::move(medium), {}});
  const Handle access = access_to(backing);
  const Handle creation{H5Pcreate(H5P_FILE_CREATE), H5Pclose, "prepare a file"};
  must(H5Pset_obj_track_times(creation.id(), false), "prepare a file");
  const hid_t id = H5Fcreate(new_name().c_str(), H5F_ACC_TRUNC, creation.id(), access.id());
  return {std::move(backing), {id, H5Fclose, "create a file"}};
}

File File::open(std::unique_ptr<Medium> medium) {
  find_room(0);
  auto backing = std::make_shared<Backing>(Backing{std::move(medium), {}});
  const Handle access = access_to(backing);
  const hid_t id = H5Fopen(new_name().c_str(), H5F_ACC_RDONLY, access.id());
  backing->rethrow_fault();
  File file{std::move(backing), {id, H5Fclose, "open the file: it is not HDF5, or damaged"}};
  file.surveyed_ = survey(file.id());
  return file;
}

std::unique_ptr<Medium> File::finish() {
  find_room(0);
  handle_.close("finish a file");
  rethrow_fault();
  return std::move(backing_->medium);
}

Handle create_group(hid_t parent, const std::string& name) {
  const Handle creation{H5Pcreate(H5P_GROUP_CREATE), H5Pclose, "prepare a group"};
  must(H5Pset_obj_track_times(creation.id(), false), "prepare a group");
  return {H5Gcreate2(parent, name.c_str(), H5P_DEFAULT, creation.id(), H5P_DEFAULT), H5Gclose,
          "create the group " + name};
}
bool has_group(hid_t parent, const std::string& name) {
  return H5Lexists(parent, name.c_str(), H5P_DEFAULT) > 0;
}

Handle open_group(hid_t parent, const std::string& name) {
  return {H5Gopen2(parent, name.c_str(), H5P_DEFAULT), H5Gclose, "find the group " + name};
}

Handle create_array(hid_t parent, const std::string& name, Element element, std::span<const std::uint64_t> shape,
                    const Words& words) {
  return create_dataset(parent, name, stored(element), shape, size_of(element), words);
}

Handle open_array(hid_t parent, const std::string& name, Element element, std::span<const std::uint64_t> shape) {
  Handle array = open_array(parent, name);
  require_element(array, element, name);
  if (!std::ranges::equal(shape_of(array, name), shape)) fail("read " + name + ": it has another shape than expected");
  return array;
}

void read_row(const Handle& array, Element element, std::uint64_t row, void* values) {
  const auto [memory, file] = row_spaces(array, row, 1);
  if (H5Sget_select_npoints(memory.id()) == 0) return;
  must(H5Dread(array.id(), native(element), memory.id(), file.id(), H5P_DEFAULT, values), "read an array");
}

RowCopier::RowCopier(const Handle& from, const Handle& to, std::vector<std::uint64_t> shape, Element element)
    : from_{from},
      to_{to},
      shape_{std::move(shape)},
      chunk_{chunk_of(shape_, size_of(element))},
      at_(chunk_.size(), 0) {
  TL_EXPECTS(shape_.size() > 1);
  const bool is_empty = std::find(shape_.begin(), shape_.end(), std::uint64_t{0}) != shape_.end();
  if (is_empty)
    shape_.clear();
  else if (packed_chunk_of(from_) != chunk_)
    fail("read an array: it is packed in other pieces than we write");
}

void RowCopier::copy(std::uint64_t from_row, std::uint64_t to_row) {
  bool more = !shape_.empty();
  while (more) {
    at_[0] = from_row;
    hsize_t bytes = 0;
    std::uint32_t filters_left_out = 0;
    must(H5Dget_chunk_storage_size(from_.id(), at_.data(), &bytes), "read an array");
    if (bytes == 0) fail("read an array: a part of it was never written");
    room_.resize(bytes);
    must(H5Dread_chunk(from_.id(), H5P_DEFAULT, at_.data(), &filters_left_out, room_.data()), "read an array");
    at_[0] = to_row;
    must(H5Dwrite_chunk(to_.id(), H5P_DEFAULT, filters_left_out, at_.data(), bytes, room_.data()), "write an array");
    more = false;
    for (std::size_t i = chunk_.size() - 1; i > 0 && !more; --i) {
      at_[i] += chunk_[i];
      more = at_[i] < shape_[i];
      if (!more) at_[i] = 0;
    }
  }
}

void write_rows(const Handle& array, Element element, std::uint64_t first, std::uint64_t rows, const void* values) {
  if (rows == 0) return;
  const auto [memory, file] = row_spaces(array, first, rows);
  if (H5Sget_select_npoints(memory.id()) == 0) return;
  must(H5Dwrite(array.id(), native(element), memory.id(), file.id(), H5P_DEFAULT, values), "write an array");
}

void read_rows(hid_t parent, const std::string& name, Element element, std::span<const std::uint64_t> shape,
               std::uint64_t first, std::uint64_t rows, void* values) {
  const Handle array = open_array(parent, name);
  require_element(array, element, name);
  if (!std::ranges::equal(shape_of(array, name), shape)) fail("read " + name + ": it has another shape than expected");
  if (rows == 0) return;
  const auto [memory, file] = row_spaces(array, first, rows);
  if (H5Sget_select_npoints(memory.id()) == 0) return;
  must(H5Dread(array.id(), native(element), memory.id(), file.id(), H5P_DEFAULT, values), "read " + name);
}

void write_list(hid_t parent, const std::string& name, std::span<const double> values, const Words& words) {
  const std::uint64_t count = values.size();
  Handle array = create_array(parent, name, Element::f64, {&count, 1}, words);
  write_rows(array, Element::f64, 0, count, values.data());
  array.close("write " + name);
}
void write_list(hid_t parent, const std::string& name, std::span<const std::uint32_t> values, const Words& words) {
  const std::uint64_t count = values.size();
  Handle array = create_array(parent, name, Element::u32, {&count, 1}, words);
  write_rows(array, Element::u32, 0, count, values.data());
  array.close("write " + name);
}
std::vector<double> read_doubles(hid_t parent, const std::string& name) {
  const std::vector<std::uint64_t> shape = list_shape(parent, name, Element::f64);
  std::vector<double> values(shape[0]);
  read_rows(parent, name, Element::f64, shape, 0, shape[0], values.data());
  return values;
}
std::vector<std::uint32_t> read_whole_numbers(hid_t parent, const std::string& name) {
  const std::vector<std::uint64_t> shape = list_shape(parent, name, Element::u32);
  std::vector<std::uint32_t> values(shape[0]);
  read_rows(parent, name, Element::u32, shape, 0, shape[0], values.data());
  return values;
}

void write_texts(hid_t parent, const std::string& name, const std::vector<std::string>& texts, const Words& words) {
  std::size_t longest = 1;
  for (const std::string& text : texts) longest = std::max(longest, text.size());
  std::string packed(longest * texts.size(), '\0');
  for (std::size_t i = 0; i < texts.size(); ++i) texts[i].copy(packed.data() + i * longest, longest);
  const Handle type = fixed_text(longest);
  const std::uint64_t count = texts.size();
  Handle array = create_dataset(parent, name, type.id(), {&count, 1}, longest, words);
  if (count > 0) must(H5Dwrite(array.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, packed.data()), "write " + name);
  array.close("write " + name);
}

std::vector<std::string> read_texts(hid_t parent, const std::string& name) {
  const Handle array = open_array(parent, name);
  const Handle type{H5Dget_type(array.id()), H5Tclose, "read the type of " + name};
  if (H5Tget_class(type.id()) != H5T_STRING || H5Tis_variable_str(type.id()) != 0)
    fail("read " + name + ": it is no text");
  const std::vector<std::uint64_t> shape = shape_of(array, name);
  if (shape.size() > 1) fail("read " + name + ": it is not a list");
  const std::uint64_t count = shape.empty() ? 1 : shape[0];
  const std::size_t length = H5Tget_size(type.id());
  constexpr std::uint64_t kMost = std::uint64_t{1} << 30, kMostTexts = 1'000'000;
  if (length == 0 || count > kMostTexts || count > kMost / length) fail("read " + name + ": it is too long");
  std::string packed(length * count, '\0');
  if (count > 0) must(H5Dread(array.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, packed.data()), "read " + name);
  std::vector<std::string> texts;
  texts.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    std::string text = packed.substr(i * length, length);
    text.erase(text.find_last_not_of('\0') + 1);
    texts.push_back(std::move(text));
  }
  return texts;
}

void write_text(hid_t parent, const std::string& name, const std::string& text, const Words& words) {
  const Handle type = fixed_text(text.size());
  std::string kept = text.empty() ? std::string(1, '\0') : text;
  Handle array = create_dataset(parent, name, type.id(), {}, kept.size(), words);
  must(H5Dwrite(array.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, kept.data()), "write " + name);
  array.close("write " + name);
}
std::string read_text(hid_t parent, const std::string& name) {
  std::vector<std::string> texts = read_texts(parent, name);
  if (texts.size() != 1) fail("read " + name + ": it is not a single text");
  return std::move(texts.front());
}

void write_attribute(hid_t object, const std::string& name, std::string_view text) {
  const std::string kept{text};
  const char* pointer = kept.c_str();
  const Handle type = variable_text();
  const Handle space{H5Screate(H5S_SCALAR), H5Sclose, "describe a value"};
  Handle attribute{H5Acreate2(object, name.c_str(), type.id(), space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
                   "write the attribute " + name};
  must(H5Awrite(attribute.id(), type.id(), &pointer), "write the attribute " + name);
  attribute.close("write the attribute " + name);
}
void write_attribute(hid_t object, const std::string& name, std::uint64_t value) {
  const Handle space{H5Screate(H5S_SCALAR), H5Sclose, "describe a value"};
  Handle attribute{H5Acreate2(object, name.c_str(), H5T_STD_U64LE, space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
                   "write the attribute " + name};
  must(H5Awrite(attribute.id(), H5T_NATIVE_UINT64, &value), "write the attribute " + name);
  attribute.close("write the attribute " + name);
}
std::string read_text_attribute(hid_t object, const std::string& name) {
  const Handle attribute = open_attribute(object, name, H5T_STRING);
  if (const Handle stored{H5Aget_type(attribute.id()), H5Tclose, "read the attribute " + name};
      H5Tis_variable_str(stored.id()) <= 0)
    fail("read the attribute " + name + ": it is of another kind");
  const Handle type = variable_text();
  char* pointer = nullptr;
  must(H5Aread(attribute.id(), type.id(), &pointer), "read the attribute " + name);
  std::string text = pointer ? pointer : "";
  must(H5free_memory(pointer), "read the attribute " + name);
  return text;
}
std::uint64_t read_number_attribute(hid_t object, const std::string& name) {
  const Handle attribute = open_attribute(object, name, H5T_INTEGER);
  std::uint64_t value = 0;
  must(H5Aread(attribute.id(), H5T_NATIVE_UINT64, &value), "read the attribute " + name);
  return value;
}

}  // namespace tl::h5
