#include "tests/faults/hostile.hpp"

#include <hdf5.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <numeric>
#include <stdexcept>

namespace tl::test {
namespace {

constexpr const char* kScenario = "/scenarios/baseline";

void must(std::int64_t result) {
  if (result < 0) throw std::runtime_error{"the hostile file cannot be made"};
}
hid_t made(hid_t id) {
  must(id);
  return id;
}

/// Open for change; ids are closed with it.
class Opened {
 public:
  explicit Opened(const std::string& path, H5F_libver_t oldest = H5F_LIBVER_EARLIEST) {
    const hid_t access = made(H5Pcreate(H5P_FILE_ACCESS));
    must(H5Pset_fclose_degree(access, H5F_CLOSE_STRONG));
    must(H5Pset_libver_bounds(access, oldest, H5F_LIBVER_LATEST));
    id_ = made(H5Fopen(path.c_str(), H5F_ACC_RDWR, access));
    H5Pclose(access);
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() { H5Fclose(id_); }
  hid_t id() const { return id_; }
  hid_t group(const char* path) const { return made(H5Gopen2(id_, path, H5P_DEFAULT)); }
  void remove(const std::string& path) const { must(H5Ldelete(id_, path.c_str(), H5P_DEFAULT)); }

 private:
  hid_t id_ = -1;
};

std::string in_scenario(const char* name) {
  return std::string{kScenario} + '/' + name;
}

/// Puts an array in the place of another.
hid_t replace(const Opened& file, const std::string& path, hid_t type, std::vector<hsize_t> shape, hid_t creation) {
  file.remove(path);
  const hid_t space = shape.empty() ? made(H5Screate(H5S_SCALAR))
                                    : made(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr));
  return made(H5Dcreate2(file.id(), path.c_str(), type, space, H5P_DEFAULT, creation, H5P_DEFAULT));
}

hid_t chunked(std::vector<hsize_t> chunk) {
  const hid_t creation = made(H5Pcreate(H5P_DATASET_CREATE));
  must(H5Pset_chunk(creation, static_cast<int>(chunk.size()), chunk.data()));
  return creation;
}

hid_t text_of_any_length() {
  const hid_t type = made(H5Tcopy(H5T_C_S1));
  must(H5Tset_size(type, H5T_VARIABLE));
  return type;
}

hid_t fixed_text(std::size_t length) {
  const hid_t type = made(H5Tcopy(H5T_C_S1));
  must(H5Tset_size(type, length));
  return type;
}

/// An honest other file, to which links lead: refused all the same.
void external_in_place(const std::string& path) {
  std::ofstream{path + ".other", std::ios::binary} << std::ifstream{path, std::ios::binary}.rdbuf();
  const Opened file{path};
  file.remove(kScenario);
  must(H5Lcreate_external((path + ".other").c_str(), kScenario, file.id(), kScenario, H5P_DEFAULT, H5P_DEFAULT));
}
void external_beside(const std::string& path) {
  const Opened file{path};
  must(H5Lcreate_external("/etc/passwd", "/", file.id(), "/more", H5P_DEFAULT, H5P_DEFAULT));
}
void soft_link(const std::string& path) {
  const Opened file{path};
  must(H5Lmove(file.id(), kScenario, file.id(), "/elsewhere", H5P_DEFAULT, H5P_DEFAULT));
  must(H5Lcreate_soft("/elsewhere", file.id(), kScenario, H5P_DEFAULT, H5P_DEFAULT));
}
void user_defined_link(const std::string& path) {
  H5L_class_t kind{};
  kind.version = H5L_LINK_CLASS_T_VERS;
  kind.id = static_cast<H5L_type_t>(200);
  kind.comment = "ours";
  kind.trav_func = [](const char*, hid_t, const void*, size_t, hid_t, hid_t) -> hid_t { return -1; };
  must(H5Lregister(&kind));
  const Opened file{path};
  must(H5Lcreate_ud(file.id(), "/more", kind.id, "x", 1, H5P_DEFAULT, H5P_DEFAULT));
}
void group_in_itself(const std::string& path) {
  const Opened file{path};
  must(H5Lcreate_hard(file.id(), "/scenarios", file.id(), "/scenarios/again", H5P_DEFAULT, H5P_DEFAULT));
}
void root_in_itself(const std::string& path) {
  const Opened file{path};
  must(H5Lcreate_hard(file.id(), "/", file.id(), "/again", H5P_DEFAULT, H5P_DEFAULT));
}

void terabytes_declared(const std::string& path) {
  const Opened file{path};
  replace(file, in_scenario("settings"), H5T_IEEE_F64LE, {1000, 1000, 1000, 1000}, chunked({1, 1, 1000, 10}));
}
void terabytes_of_replications(const std::string& path) {
  const Opened file{path};
  replace(file, in_scenario("replication_numbers"), H5T_STD_U32LE, {2'000'000'000'000}, chunked({1024}));
}
void more_than_any_number_of_bytes(const std::string& path) {
  const Opened file{path};
  const hsize_t much = hsize_t{1} << 40;
  replace(file, in_scenario("settings"), H5T_IEEE_F64LE, {much, much}, chunked({1, 1024}));
}
void gigabytes_in_a_chunk(const std::string& path) {
  const Opened file{path};
  replace(file, in_scenario("period_days"), H5T_IEEE_F64LE, {500'000'000}, chunked({500'000'000}));
}
void a_text_of_gigabytes(const std::string& path) {
  const Opened file{path};
  replace(file, in_scenario("about"), fixed_text(std::size_t{1} << 30), {}, H5P_DEFAULT);
}
void contiguous_but_not_there(const std::string& path) {
  const Opened file{path};
  replace(file, in_scenario("period_days"), H5T_IEEE_F64LE, {1'000'000'000'000}, H5P_DEFAULT);
}

/// Packed honestly with a large chunk, and put behind the back of the library into an array of small ones.
void a_chunk_that_swells(const std::string& path) {
  constexpr hsize_t kMany = 32 << 20;  // 256 MiB of zeros, some 260 KB packed
  const Opened file{path};
  const hid_t packed = chunked({kMany});
  must(H5Pset_deflate(packed, 9));
  {
    const std::vector<double> zeros(kMany);
    const hid_t large = replace(file, in_scenario("instant_days"), H5T_IEEE_F64LE, {kMany}, packed);
    must(H5Dwrite(large, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, zeros.data()));
    must(H5Fflush(file.id(), H5F_SCOPE_GLOBAL));
    hsize_t bytes = 0, origin = 0;
    must(H5Dget_chunk_storage_size(large, &origin, &bytes));
    std::vector<char> raw(bytes);
    std::uint32_t filters = 0;
    must(H5Dread_chunk(large, H5P_DEFAULT, &origin, &filters, raw.data()));
    must(H5Dclose(large));
    const hid_t small_packed = chunked({4096});
    must(H5Pset_deflate(small_packed, 9));
    const hid_t small = replace(file, in_scenario("instant_days"), H5T_IEEE_F64LE, {4096}, small_packed);
    must(H5Dwrite_chunk(small, H5P_DEFAULT, 0, &origin, raw.size(), raw.data()));
  }
}

void strange_filter(const std::string& path) {
  H5Z_class2_t filter{};
  filter.version = H5Z_CLASS_T_VERS;
  filter.id = 32'099;
  filter.encoder_present = filter.decoder_present = 1;
  filter.name = "ours";
  filter.filter = [](unsigned, size_t, const unsigned*, size_t bytes, size_t*, void**) -> size_t { return bytes; };
  must(H5Zregister(&filter));
  const Opened file{path};
  const hid_t creation = chunked({16});
  must(H5Pset_filter(creation, filter.id, H5Z_FLAG_MANDATORY, 0, nullptr));
  const hid_t array = replace(file, in_scenario("instant_days"), H5T_IEEE_F64LE, {16}, creation);
  const std::vector<double> values(16, 1.0);
  must(H5Dwrite(array, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()));
}
void virtual_array(const std::string& path) {
  const Opened file{path};
  const hid_t creation = made(H5Pcreate(H5P_DATASET_CREATE));
  const hsize_t extent = 16;
  const hid_t space = made(H5Screate_simple(1, &extent, nullptr));
  must(H5Pset_virtual(creation, space, "/etc/other.h5", "/x", space));
  replace(file, in_scenario("instant_days"), H5T_IEEE_F64LE, {extent}, creation);
}
void numbers_in_another_file(const std::string& path) {
  const Opened file{path};
  const hid_t creation = made(H5Pcreate(H5P_DATASET_CREATE));
  must(H5Pset_external(creation, "/etc/passwd", 0, 128));
  replace(file, in_scenario("instant_days"), H5T_IEEE_F64LE, {16}, creation);
}

void texts_of_any_length(const std::string& path) {
  const Opened file{path};
  const hid_t array = replace(file, in_scenario("changes"), text_of_any_length(), {200'000}, chunked({200'000}));
  const std::vector<const char*> texts(200'000, "each of them stands elsewhere");
  must(H5Dwrite(array, text_of_any_length(), H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.data()));
}
void attribute_of_many_texts(const std::string& path) {
  const Opened file{path};
  must(H5Adelete(file.id(), "study"));
  const hsize_t many = 1000;
  const std::vector<const char*> texts(many, "a text");
  const hid_t attribute = made(H5Acreate2(file.id(), "study", text_of_any_length(),
                                          made(H5Screate_simple(1, &many, nullptr)), H5P_DEFAULT, H5P_DEFAULT));
  must(H5Awrite(attribute, text_of_any_length(), texts.data()));
}
void attribute_of_many_numbers(const std::string& path) {
  const Opened file{path};
  must(H5Adelete(file.id(), "seed"));
  const hsize_t many = 4000;
  const std::vector<std::uint64_t> numbers(many, 0x4141414141414141);
  const hid_t attribute = made(H5Acreate2(file.id(), "seed", H5T_STD_U64LE, made(H5Screate_simple(1, &many, nullptr)),
                                          H5P_DEFAULT, H5P_DEFAULT));
  must(H5Awrite(attribute, H5T_NATIVE_UINT64, numbers.data()));
}
/// The length that stands before the text's place in the heap is made four gigabytes.
void text_that_lies_about_its_length(const std::string& path) {
  constexpr std::uint32_t kLength = 7777;
  {
    const Opened file{path};
    must(H5Adelete(file.id(), "study"));
    const std::string text(kLength, 's');
    const char* pointer = text.c_str();
    const hid_t attribute = made(
        H5Acreate2(file.id(), "study", text_of_any_length(), made(H5Screate(H5S_SCALAR)), H5P_DEFAULT, H5P_DEFAULT));
    must(H5Awrite(attribute, text_of_any_length(), &pointer));
  }
  std::string bytes{std::istreambuf_iterator<char>{std::ifstream{path, std::ios::binary}.rdbuf()}, {}};
  std::string length(4, '\0'), lie(4, '\xff');
  std::memcpy(length.data(), &kLength, 4);
  lie[3] = '\x7f';
  bool found = false;
  for (std::size_t at = bytes.find(length); at != std::string::npos; at = bytes.find(length, at + 1)) {
    bytes.replace(at, 4, lie);
    found = true;
  }
  if (!found) throw std::runtime_error{"no length to lie about"};
  std::ofstream{path, std::ios::binary | std::ios::trunc} << bytes;
}

void deep_nesting(const std::string& path) {
  const Opened file{path};
  hid_t at = file.group("/scenarios");
  for (int depth = 0; depth < 5000; ++depth) {
    const hid_t inner = made(H5Gcreate2(at, "in", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Gclose(at);
    at = inner;
  }
}
void many_names_of_one_array(const std::string& path) {
  const Opened file{path};
  const hid_t group = made(H5Gcreate2(file.id(), "/names", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  for (int i = 0; i < 100'001; ++i)
    must(H5Lcreate_hard(file.id(), "/about", group, std::to_string(i).c_str(), H5P_DEFAULT, H5P_DEFAULT));
}
void a_type_as_an_object(const std::string& path) {
  const Opened file{path};
  must(H5Tcommit2(file.id(), "/type", made(H5Tcopy(H5T_NATIVE_DOUBLE)), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
}
void records_for_numbers(const std::string& path) {
  const Opened file{path};
  const hid_t type = made(H5Tcreate(H5T_COMPOUND, 16));
  must(H5Tinsert(type, "a", 0, H5T_NATIVE_DOUBLE));
  must(H5Tinsert(type, "b", 8, H5T_NATIVE_DOUBLE));
  replace(file, in_scenario("instant_days"), type, {4}, H5P_DEFAULT);
}
void link_to_no_setting(const std::string& path) {
  const Opened file{path};
  const std::uint32_t far = 4'000'000'000U;
  const double often = 1.0;
  for (const char* end : {"links/from", "links/to"})
    must(H5Dwrite(replace(file, in_scenario(end), H5T_STD_U32LE, {1}, H5P_DEFAULT), H5T_NATIVE_UINT32, H5S_ALL, H5S_ALL,
                  H5P_DEFAULT, &far));
  must(H5Dwrite(replace(file, in_scenario("links/per_day"), H5T_IEEE_F64LE, {1}, H5P_DEFAULT), H5T_NATIVE_DOUBLE,
                H5S_ALL, H5S_ALL, H5P_DEFAULT, &often));
}
void the_same_scenario_without_end(const std::string& path) {
  const Opened file{path};
  const hsize_t many = 2'000'000;
  const std::string text = "baseline";
  std::string packed;
  for (hsize_t i = 0; i < many; ++i) packed += text;
  const hid_t creation = chunked({65'536});
  must(H5Pset_deflate(creation, 1));
  const hid_t array = replace(file, "/scenario_groups", fixed_text(text.size()), {many}, creation);
  must(H5Dwrite(array, fixed_text(text.size()), H5S_ALL, H5S_ALL, H5P_DEFAULT, packed.data()));
}

void add_attributes(hid_t object, int count) {
  const hid_t space = made(H5Screate(H5S_SCALAR));
  for (int i = 0; i < count; ++i)
    must(H5Aclose(made(H5Acreate2(object, std::to_string(i).c_str(), H5T_STD_U8LE, space, H5P_DEFAULT, H5P_DEFAULT))));
}
/// In the form for many: a heap and a tree.
void a_million_attributes(const std::string& path) {
  const Opened file{path, H5F_LIBVER_V110};
  const hid_t creation = made(H5Pcreate(H5P_GROUP_CREATE));
  must(H5Pset_attr_phase_change(creation, 0, 0));
  add_attributes(made(H5Gcreate2(file.id(), "/attributes", H5P_DEFAULT, creation, H5P_DEFAULT)), 1'000'000);
}
/// In the form for few: one after the other before the object. Making them takes the square of their number.
void ten_thousand_attributes(const std::string& path) {
  const Opened file{path};
  add_attributes(file.group(kScenario), 10'000);
}
void a_million_objects(const std::string& path) {
  const Opened file{path, H5F_LIBVER_V110};
  const hid_t group = made(H5Gcreate2(file.id(), "/objects", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  for (int i = 0; i < 1'000'000; ++i)
    must(H5Gclose(made(H5Gcreate2(group, std::to_string(i).c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT))));
}

}  // namespace

const std::vector<Hostile>& hostile_files() {
  static const std::vector<Hostile> all{{"external link in place of a scenario", external_in_place},
                                        {"external link beside", external_beside},
                                        {"soft link", soft_link},
                                        {"user-defined link", user_defined_link},
                                        {"group that contains itself", group_in_itself},
                                        {"root that contains itself", root_in_itself},
                                        {"8e12 bytes declared", terabytes_declared},
                                        {"8e12 bytes of replication numbers", terabytes_of_replications},
                                        {"2^80 elements declared", more_than_any_number_of_bytes},
                                        {"chunk of 4 GB", gigabytes_in_a_chunk},
                                        {"text of 1 GiB", a_text_of_gigabytes},
                                        {"8e12 bytes without storage", contiguous_but_not_there},
                                        {"chunk that swells to 256 MiB", a_chunk_that_swells},
                                        {"filter of a plugin", strange_filter},
                                        {"virtual array", virtual_array},
                                        {"numbers in another file", numbers_in_another_file},
                                        {"200,000 texts of any length", texts_of_any_length},
                                        {"attribute of 1,000 texts", attribute_of_many_texts},
                                        {"attribute of 4,000 numbers", attribute_of_many_numbers},
                                        {"text that says it has 2 GiB", text_that_lies_about_its_length},
                                        {"5,000 groups in each other", deep_nesting},
                                        {"100,001 names of one array", many_names_of_one_array},
                                        {"type as an object", a_type_as_an_object},
                                        {"records for numbers", records_for_numbers},
                                        {"link to no setting", link_to_no_setting},
                                        {"2,000,000 times the same scenario", the_same_scenario_without_end}};
  return all;
}

const std::vector<Hostile>& large_hostile_files() {
  static const std::vector<Hostile> all{{"1,000,000 attributes", a_million_attributes},
                                        {"10,000 attributes in the old form", ten_thousand_attributes},
                                        {"1,000,000 objects", a_million_objects}};
  return all;
}

}  // namespace tl::test
