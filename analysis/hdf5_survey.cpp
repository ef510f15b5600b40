#include "analysis/hdf5_survey.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "analysis/hdf5.hpp"
#include "analysis/store_error.hpp"

namespace tl::h5 {
namespace {

constexpr unsigned kDeepest = 32;
constexpr std::uint64_t kMostObjects = 100'000;
constexpr std::uint64_t kMostAttributes = 32;
constexpr int kMostDimensions = 8;
/// What we write is packed in chunks of at most a mebibyte; a single longer text is one chunk of its own.
constexpr std::uint64_t kLargestChunk = std::uint64_t{64} << 20;
/// Deflate cannot pack tighter (zlib's technical notes: 1032 to 1).
constexpr std::uint64_t kTightestPacking = 1032;
/// Where an array is this small, what it declares needs no proof.
constexpr std::uint64_t kSmall = 4096;

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw StoreError{"it is not a file this program wrote: " + (path.empty() ? "/" : path) + ' ' + why};
}

struct Content {
  H5O_type_t type = H5O_TYPE_UNKNOWN;
  std::uint64_t links_to_it = 0, attributes = 0;
};

Content content_of(hid_t object, const std::string& path) {
#if H5_VERSION_GE(1, 12, 0)
  H5O_info2_t info;
  const herr_t result = H5Oget_info3(object, &info, H5O_INFO_BASIC | H5O_INFO_NUM_ATTRS);
#else
  H5O_info_t info;
  const herr_t result = H5Oget_info2(object, &info, H5O_INFO_BASIC | H5O_INFO_NUM_ATTRS);
#endif
  if (result < 0) refuse(path, "cannot be read");
  return {info.type, info.rc, static_cast<std::uint64_t>(info.num_attrs)};
}

struct Listing {
  std::vector<std::string> names;
  bool all_hard = true;
};

/// Called from C: nothing may be thrown through it.
herr_t note_link(hid_t, const char* name, const H5L_info_t* info, void* into) {
  auto& listing = *static_cast<Listing*>(into);
  try {
    listing.names.emplace_back(name);
  } catch (const std::exception&) {
    return -1;
  }
  if (info->type == H5L_TYPE_HARD) return 0;
  listing.all_hard = false;
  return 1;
}

/// `left` times `by`, or none past 2⁶⁴.
bool multiply(std::uint64_t& left, std::uint64_t by) {
  return !__builtin_mul_overflow(left, by, &left);
}

class Surveyor {
 public:
  void group(hid_t id, const std::string& path, unsigned depth) {
    if (depth > kDeepest) refuse(path, "is nested deeper than " + std::to_string(kDeepest) + " groups");
    check_attributes(content_of(id, path), path);
    H5G_info_t info;
    if (H5Gget_info(id, &info) < 0) refuse(path, "cannot be listed");
    if (info.nlinks > kMostObjects - found.objects)
      refuse(path, "holds more than " + std::to_string(kMostObjects) + " objects");
    found.objects += info.nlinks;
    for (const std::string& name : names_in(id, path, info.nlinks)) object(id, name, path + '/' + name, depth);
  }

  Survey found;

 private:
  static std::vector<std::string> names_in(hid_t id, const std::string& path, std::uint64_t count) {
    Listing listing;
    hsize_t from = 0;
    const herr_t result = H5Literate(id, H5_INDEX_NAME, H5_ITER_NATIVE, &from, note_link, &listing);
    if (!listing.all_hard) refuse(path + '/' + listing.names.back(), "is a link to another place or file");
    if (result < 0) refuse(path, "cannot be listed");
    if (listing.names.size() != count) refuse(path, "does not hold as many objects as it says");
    return listing.names;
  }

  void object(hid_t parent, const std::string& name, const std::string& path, unsigned depth) {
    const hid_t opened = H5Oopen(parent, name.c_str(), H5P_DEFAULT);
    if (opened < 0) refuse(path, "cannot be opened");
    const Handle object{opened, H5Oclose, "open " + path};
    const Content content = content_of(object.id(), path);
    if (content.links_to_it != 1) refuse(path, "is found in more than one place");
    if (content.type == H5O_TYPE_GROUP) return group(object.id(), path, depth + 1);
    if (content.type != H5O_TYPE_DATASET) refuse(path, "is neither a group nor an array");
    check_attributes(content, path);
    array(object.id(), path);
  }

  static void check_attributes(const Content& content, const std::string& path) {
    if (content.attributes > kMostAttributes)
      refuse(path, "has more than " + std::to_string(kMostAttributes) + " attributes");
  }

  void array(hid_t id, const std::string& path) {
    const auto [declared, rows] = declared_bytes(id, path);
    const bool packed = check_layout(id, path);
    const std::uint64_t stored = H5Dget_storage_size(id);
    const std::uint64_t holds =
        packed ? (stored > UINT64_MAX / kTightestPacking ? 0 : stored * kTightestPacking) : stored;
    if (declared > holds && declared > kSmall)
      refuse(path, "declares " + std::to_string(declared) + " bytes, more than its " + std::to_string(stored) +
                       " stored bytes can hold");
    if (__builtin_add_overflow(found.declared_bytes, declared, &found.declared_bytes))
      refuse(path, "declares more bytes than there can be");
    found.held_bytes += path.starts_with("/scenarios/") ? declared / rows : declared;
  }

  /// @returns the bytes of all its rows, and how many rows (of the first of several dimensions) there are; at least 1
  static std::pair<std::uint64_t, std::uint64_t> declared_bytes(hid_t id, const std::string& path) {
    const Handle type{H5Dget_type(id), H5Tclose, "read the type of " + path};
    const H5T_class_t kind = H5Tget_class(type.id());
    if (kind != H5T_INTEGER && kind != H5T_FLOAT && kind != H5T_STRING) refuse(path, "holds neither numbers nor texts");
    if (H5Tis_variable_str(type.id()) != 0) refuse(path, "holds texts of no fixed length");
    const Handle space{H5Dget_space(id), H5Sclose, "read the shape of " + path};
    const int rank = H5Sget_simple_extent_ndims(space.id());
    if (rank < 0 || rank > kMostDimensions) refuse(path, "has too many dimensions");
    std::array<hsize_t, kMostDimensions> extents{};
    if (H5Sget_simple_extent_dims(space.id(), extents.data(), nullptr) < 0) refuse(path, "has no shape");
    std::uint64_t bytes = H5Tget_size(type.id());
    for (int i = 0; i < rank; ++i)
      if (!multiply(bytes, extents[static_cast<std::size_t>(i)])) refuse(path, "declares more bytes than there can be");
    return {bytes, rank > 1 ? std::max<std::uint64_t>(extents[0], 1) : 1};
  }

  /// @returns whether it is packed
  static bool check_layout(hid_t id, const std::string& path) {
    const Handle creation{H5Dget_create_plist(id), H5Pclose, "read the layout of " + path};
    const H5D_layout_t layout = H5Pget_layout(creation.id());
    if (layout != H5D_COMPACT && layout != H5D_CONTIGUOUS && layout != H5D_CHUNKED)
      refuse(path, "is put together from other arrays or files");
    if (layout == H5D_CONTIGUOUS && H5Pget_external_count(creation.id()) != 0)
      refuse(path, "keeps its numbers in another file");
    if (layout != H5D_CHUNKED) return false;
    check_chunk(id, creation.id(), path);
    return check_filters(creation.id(), path);
  }

  static void check_chunk(hid_t id, hid_t creation, const std::string& path) {
    const Handle type{H5Dget_type(id), H5Tclose, "read the type of " + path};
    std::array<hsize_t, kMostDimensions> chunk{};
    const int rank = H5Pget_chunk(creation, kMostDimensions, chunk.data());
    std::uint64_t bytes = H5Tget_size(type.id());
    bool fits = rank > 0 && rank <= kMostDimensions;
    for (int i = 0; fits && i < rank; ++i) fits = multiply(bytes, chunk[static_cast<std::size_t>(i)]);
    if (!fits || bytes > kLargestChunk) refuse(path, "is kept in pieces larger than we write");
  }

  static bool check_filters(hid_t creation, const std::string& path) {
    const int count = H5Pget_nfilters(creation);
    if (count < 0) refuse(path, "cannot be unpacked");
    bool packed = false;
    for (int i = 0; i < count; ++i) {
      unsigned flags = 0, configuration = 0;
      std::size_t values = 0;
      const H5Z_filter_t filter =
          H5Pget_filter2(creation, static_cast<unsigned>(i), &flags, &values, nullptr, 0, nullptr, &configuration);
      if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE && filter != H5Z_FILTER_FLETCHER32)
        refuse(path, "is packed by a filter that we do not use");
      packed = packed || filter == H5Z_FILTER_DEFLATE;
    }
    return packed;
  }
};

}  // namespace

Survey survey(hid_t file) {
  Surveyor surveyor;
  const Handle root{H5Gopen2(file, "/", H5P_DEFAULT), H5Gclose, "open the file: it has no root"};
  surveyor.group(root.id(), "", 0);
  return surveyor.found;
}

}  // namespace tl::h5
