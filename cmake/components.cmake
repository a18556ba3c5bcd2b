# The components: one per folder of include/kvt. USES names the folders it includes (always on lower floors, see
# docs/architecture.md); NEEDS names what its headers and definitions take from outside (cmake/kvtDependencies.cmake).
# A shape test checks USES and NEEDS against the includes.
#
# kvt_component(<folder> [USES <folder>...] [NEEDS <dependency>...])

kvt_component(core NEEDS boost openssl simdjson threads)
kvt_component(exec USES core NEEDS threads)
kvt_component(config USES core NEEDS simdjson yaml-cpp)
kvt_component(store USES core NEEDS sqlite3 threads)
kvt_component(report USES core NEEDS openssl)
kvt_component(numeric USES core NEEDS eigen)
kvt_component(text USES core)
kvt_component(tensor USES core NEEDS simdjson)
kvt_component(net USES core NEEDS boost openssl threads)
kvt_component(data USES core config text)
kvt_component(eval USES core text)
kvt_component(model USES core tensor text NEEDS eigen)
kvt_component(quant USES core exec numeric report tensor)
kvt_component(trace USES core exec numeric report NEEDS zlib)
kvt_component(cache USES core model)
kvt_component(analysis USES core numeric NEEDS range-v3)
kvt_component(engine USES core exec cache model net text trace NEEDS threads)
kvt_component(harness USES core exec config store report numeric text data eval model quant cache analysis engine NEEDS fmt threads)
kvt_component(scaling USES core exec config report numeric tensor data model)
