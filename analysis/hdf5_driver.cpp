#include "analysis/hdf5_driver.hpp"

#include <limits>

namespace tl::h5 {
namespace {

/// What stands in a file access list, which copies it byte by byte.
struct AccessInfo {
  const std::shared_ptr<Backing>* backing;
};

struct OpenedFile : H5FD_t {
  std::shared_ptr<Backing> backing;
  haddr_t end_of_allocation = 0;
};

OpenedFile& opened(H5FD_t* file) {
  return *static_cast<OpenedFile*>(file);
}
const OpenedFile& opened(const H5FD_t* file) {
  return *static_cast<const OpenedFile*>(file);
}

/// Called from C: nothing may be thrown through it.
template <class Do>
bool without_throwing(Backing& backing, const Do& what) {
  if (backing.fault) return false;
  try {
    what(*backing.medium);
    return true;
  } catch (...) {
    backing.fault = std::current_exception();
    return false;
  }
}

H5FD_t* open_file(const char*, unsigned, hid_t access, haddr_t) {
  const auto* info = static_cast<const AccessInfo*>(H5Pget_driver_info(access));
  if (info == nullptr) return nullptr;
  auto* file = new (std::nothrow) OpenedFile{};
  if (file != nullptr) file->backing = *info->backing;
  return file;
}

herr_t close_file(H5FD_t* file) {
  delete &opened(file);
  return 0;
}

/// The layout of a file follows from these: they are those of the library's own drivers for memory and for files.
herr_t features(const H5FD_t*, unsigned long* flags) {
  *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
           H5FD_FEAT_AGGREGATE_SMALLDATA;
  return 0;
}

haddr_t end_of_allocation(const H5FD_t* file, H5FD_mem_t) {
  return opened(file).end_of_allocation;
}
herr_t set_end_of_allocation(H5FD_t* file, H5FD_mem_t, haddr_t at) {
  opened(file).end_of_allocation = at;
  return 0;
}
haddr_t end_of_file(const H5FD_t* file, H5FD_mem_t) {
  return opened(file).backing->medium->size();
}

herr_t read_bytes(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t at, std::size_t size, void* into) {
  const bool good = without_throwing(*opened(file).backing, [&](Medium& medium) {
    medium.read(at, {static_cast<std::byte*>(into), size});
  });
  return good ? 0 : -1;
}

herr_t write_bytes(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t at, std::size_t size, const void* from) {
  without_throwing(*opened(file).backing, [&](Medium& medium) {
    medium.write(at, {static_cast<const std::byte*>(from), size});
  });
  return 0;
}

herr_t cut_to_allocation(H5FD_t* file, hid_t, hbool_t) {
  without_throwing(*opened(file).backing, [&](Medium& medium) {
    if (medium.size() != opened(file).end_of_allocation) medium.resize(opened(file).end_of_allocation);
  });
  return 0;
}

H5FD_class_t described() {
  H5FD_class_t made{};
#if H5_VERSION_GE(1, 14, 0)
  made.version = H5FD_CLASS_VERSION;
  made.value = 512;  // the first of those left to users
#endif
  made.name = "throughline";
  made.maxaddr = static_cast<haddr_t>(std::numeric_limits<std::int64_t>::max());
  made.fc_degree = H5F_CLOSE_STRONG;  // nothing stays open behind a file that was closed
  made.fapl_size = sizeof(AccessInfo);
  made.open = open_file;
  made.close = close_file;
  made.query = features;
  made.get_eoa = end_of_allocation;
  made.set_eoa = set_end_of_allocation;
  made.get_eof = end_of_file;
  made.read = read_bytes;
  made.write = write_bytes;
  made.truncate = cut_to_allocation;
  constexpr H5FD_mem_t kMap[] = H5FD_FLMAP_DICHOTOMY;
  std::copy(std::begin(kMap), std::end(kMap), std::begin(made.fl_map));
  return made;
}

}  // namespace

herr_t set_backing(hid_t file_access, const std::shared_ptr<Backing>& backing) {
  static const H5FD_class_t kClass = described();
  static const hid_t kDriver = H5FDregister(&kClass);
  if (kDriver < 0) return -1;
  const AccessInfo info{&backing};
  return H5Pset_driver(file_access, kDriver, &info);
}

}  // namespace tl::h5
